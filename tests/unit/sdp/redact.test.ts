import { describe, expect, it } from 'vitest';
import { redactSdp } from '../../../src/sdp/index.ts';
import { fixtureNames, readOffer } from './corpus.ts';
import { inlineKey } from './keys.ts';

const KEY = inlineKey(30, 0x6b);
const SUITE = 'AES_CM_128_HMAC_SHA1_80';

describe('keys', () => {
  it.each<[situation: string, line: string, redacted: string]>([
    ['an SDES key', `a=crypto:1 ${SUITE} inline:${KEY}|2^48|1:4`, `a=crypto:1 ${SUITE} [redacted]`],
    [
      'one with session parameters',
      `a=crypto:0 ${SUITE} inline:${KEY}|2^48 KDR=3 UNENCRYPTED_SRTCP`,
      `a=crypto:0 ${SUITE} [redacted] KDR=3 UNENCRYPTED_SRTCP`,
    ],
    ['in capitals', `A=CRYPTO:1 ${SUITE} INLINE:${KEY}`, `A=CRYPTO:1 ${SUITE} [redacted]`],
    ['spaced', `a = crypto : 1 ${SUITE}  inline:${KEY}`, `a=crypto:1 ${SUITE} [redacted]`],
    ['without tag', `a=crypto:${SUITE} inline:${KEY}`, `a=crypto:${SUITE} [redacted]`],
    [
      'in a capability',
      `a=acap:1 crypto:1 ${SUITE} inline:${KEY}`,
      `a=acap:1 crypto:1 ${SUITE} [redacted]`,
    ],
    ['MIKEY', `a=key-mgmt:mikey ${KEY}`, 'a=key-mgmt:[redacted]'],
    ['a key line', 'k=clear:secret', 'k=[redacted]'],
    ['ICE', 'a=ice-pwd:short', 'a=ice-pwd:[redacted]'],
    ['a key that strayed', `a=fmtp:97 x=${KEY}`, 'a=fmtp:97 x=[redacted]'],
    ['a key where the suite should be', `a=crypto:${KEY}`, 'a=crypto:[redacted]'],
    ['half a line', 'a=crypto:8000', 'a=crypto:8000 [redacted]'],
    ['a short piece behind inline', 'x inline:T3duS2V5|2^48', 'x inline:[redacted]|2^48'],
    ['a key with no line at all', KEY, '[redacted]'],
  ])('%s', (_situation, line, redacted) => expect(redactSdp(line)).toBe(redacted));

  it.each(['\n', '\r\n', '\r'])('wrapped by %j do not come through in pieces', newline => {
    for (let at = 1; at < KEY.length; at++) {
      const wrapped = `a=crypto:1 ${SUITE} inline:${KEY.slice(0, at)}${newline} ${KEY.slice(at)}|2^48${newline}a=sendrecv`;
      expect(redactSdp(wrapped)).toBe(
        [`a=crypto:1 ${SUITE} [redacted]`, '[redacted]', 'a=sendrecv'].join(newline),
      );
    }
  });
});

describe('people', () => {
  it.each([
    ['o=nguyen.van.a 17 2 IN IP4 192.0.2.1', 'o=[redacted] 17 2 IN IP4 192.0.2.1'],
    ['o=0912345678@x 17 2 IN IP4 192.0.2.1', 'o=[redacted] 17 2 IN IP4 192.0.2.1'],
    ['o=- 17 2 IN IP4 192.0.2.1', 'o=- 17 2 IN IP4 192.0.2.1'],
    ['s=Phòng họp Tân Phú', 's=[redacted]'],
    ['s=-', 's=-'],
    ['i=A Nguyen', 'i=[redacted]'],
    ['e=a@example.net (A)', 'e=[redacted]'],
    ['p=+84 912 345 678', 'p=[redacted]'],
    ['u=http://example.net/a', 'u=[redacted]'],
    [
      'a=x-uri:sip:+84912345678@192.0.2.1;user=phone',
      'a=x-uri:sip:[redacted]@192.0.2.1;user=phone',
    ],
    ['a=x-uri:<tel:+84912345678;ext=1>', 'a=x-uri:<tel:[redacted];ext=1>'],
    ['a=x-uri:sip:192.0.2.1', 'a=x-uri:sip:192.0.2.1'],
    ['a=x-uri:<sips:nguyen:secret@hall.example>', 'a=x-uri:<sips:[redacted]@hall.example>'],
    ['a=x nguyen:secret@hall', 'a=x [redacted]@hall'],
    ['a=x:nguyen@hall, an.nguyen@hall', 'a=x:[redacted]@hall, [redacted]@hall'],
    ['a=ssrc:77 cname:a.nguyen@hall', 'a=ssrc:77 cname:[redacted]@hall'],
  ])('%s → %s', (line, redacted) => expect(redactSdp(line)).toBe(redacted));
});

describe('what helps to find a fault stays', () => {
  const HARMLESS = [
    'v=0',
    'c=IN IP4 192.0.2.1',
    'b=TIAS:1024000',
    't=0 0',
    'm=video 49312 RTP/SAVP 109 110',
    'm=application 0 UDP/BFCP *',
    'a=rtpmap:108 MP4A-LATM/90000',
    'a=fmtp:97  profile-level-id=42800d; max-mbps=40500;packetization-mode=1',
    'a=fmtp:123 multi_ssrc=1;FEC_ORDER=FEC_SRTP;maxaveragebitrate=128000',
    'a=rtcp-fb:* ccm fir tmmbr',
    'a=extmap:4 http://protocols.cisco.com/timestamp#100us',
    'a=trafficclass:conversational.video.immersive.aq:admitted',
    'a=floorid:2 mstrm:12',
    '  wrapped of something harmless',
  ];

  it.each(HARMLESS)('%s', line => expect(redactSdp(line)).toBe(line));

  it('line breaks and their kind', () => {
    const text = 'v=0\r\n\r\nt=0 0\rb=AS:1\n';
    expect(redactSdp(text)).toBe(text);
  });

  it('all of an offer but its names and keys', () => {
    const changed = readOffer('cisco-sx20-ce8-cucm').split('\n');
    const redacted = redactSdp(readOffer('cisco-sx20-ce8-cucm')).split('\n');
    const different = redacted.filter((line, index) => line !== changed[index]);
    expect(different).toEqual(['o=[redacted] 50613774 1 IN IP4 203.0.113.5', 's=[redacted]']);
  });
});

it.each(fixtureNames())('%s keeps no key, and redacting twice changes nothing', name => {
  const redacted = redactSdp(readOffer(name));
  expect(redacted).not.toMatch(/inline:|T3duS2V5/);
  expect(redactSdp(redacted)).toBe(redacted);
});

it('cuts what nobody would read', () => {
  const redacted = redactSdp(`v=0\n${'a=x\n'.repeat(20_000)}`);
  expect(redacted.length).toBeLessThan(64_100);
  expect(redacted).toMatch(/\[16004 more characters\]$/);
});
