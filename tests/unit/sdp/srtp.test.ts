import { describe, expect, it } from 'vitest';
import {
  type AnswerAddresses,
  answer,
  type Capabilities,
  type MediaPlan,
  plan,
  readRelaySdp,
  relayOffer,
  type SrtpPolicy,
} from '../../../src/sdp/index.ts';
import { ADDRESSES, CAPABILITIES } from './corpus.ts';
import { inlineKey } from './keys.ts';

const PEER_KEY = inlineKey(30, 0x11);
const RELAY_KEY = inlineKey(30, 0x22);
const CRYPTO = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${PEER_KEY}|2^48`;
const UNUSABLE = `a=crypto:1 F8_128_HMAC_SHA1_80 inline:${PEER_KEY}`;

const sdp = (...lines: string[]) =>
  `${['v=0', 'o=- 1 1 IN IP4 192.0.2.5', 's=-', 'c=IN IP4 192.0.2.5', 't=0 0', ...lines].join('\r\n')}\r\n`;
const audio = (proto: string, ...crypto: string[]) => [`m=audio 4000 ${proto} 8`, ...crypto];
const video = (proto: string, ...crypto: string[]) => [
  `m=video 5000 ${proto} 97`,
  'a=rtpmap:97 H264/90000',
  'a=fmtp:97 profile-level-id=42801f;packetization-mode=1',
  ...crypto,
];

const withPolicy = (srtp: SrtpPolicy): Capabilities => ({ ...CAPABILITIES, srtp });

function planned(text: string, srtp: SrtpPolicy): MediaPlan {
  const result = plan(text, withPolicy(srtp));
  return result.ok ? result.plan : expect.fail(result.reason);
}

/** The relay's answer to the endpoint, as it writes it for SAVP. */
function relayed(suite = 'AES_CM_128_HMAC_SHA1_80', tag = 1): AnswerAddresses {
  const crypto = `a=crypto:${tag} ${suite} inline:${RELAY_KEY}`;
  const read = readRelaySdp(
    sdp('m=audio 40000 RTP/SAVP 8', crypto, 'm=video 40002 RTP/SAVP 97', crypto),
  );
  return {
    ...ADDRESSES,
    ...(read?.audio?.crypto && { audioCrypto: read.audio.crypto }),
    ...(read?.video?.crypto && { videoCrypto: read.video.crypto }),
  };
}

const lines = (text: string, start: RegExp) => text.split('\r\n').filter(line => start.test(line));

describe('pain 9 and 10: each profile, each form, each policy', () => {
  const FORMS: Record<string, string[]> = {
    AVP: audio('RTP/AVP'),
    AVPF: audio('RTP/AVPF'),
    'AVP with key': audio('RTP/AVP', CRYPTO),
    'AVPF with key': audio('RTP/AVPF', CRYPTO),
    SAVP: audio('RTP/SAVP', CRYPTO),
    SAVPF: audio('RTP/SAVPF', CRYPTO),
    'SAVP without key': audio('RTP/SAVP'),
    'SAVP with unusable key': audio('RTP/SAVP', UNUSABLE),
    'AVP with unusable key': audio('RTP/AVP', UNUSABLE),
    'SAVP, AVP': [...audio('RTP/SAVP', CRYPTO), ...audio('RTP/AVP')],
    'AVP, SAVP': [...audio('RTP/AVP'), ...audio('RTP/SAVP', CRYPTO)],
    'unusable SAVP, AVP': [...audio('RTP/SAVP', UNUSABLE), ...audio('RTP/AVP')],
  };

  /** m-lines of the answer that are open, with `+key` where one is given; or the code of the refusal. */
  function outcome(form: string, policy: SrtpPolicy): string {
    const result = plan(sdp(...(FORMS[form] ?? [])), withPolicy(policy));
    if (!result.ok) return result.code;
    return answer(result.plan, relayed())
      .split(/^m=/m)
      .slice(1)
      .map(section => {
        const [, port, proto] = section.split(' ');
        if (port === '0') return '-';
        return `${proto}${section.includes('a=crypto') ? '+key' : ''}`;
      })
      .join(', ');
  }

  it.each<[form: string, off: string, bestEffort: string, required: string]>([
    ['AVP', 'RTP/AVP', 'RTP/AVP', 'no-common-crypto'],
    ['AVPF', 'RTP/AVPF', 'RTP/AVPF', 'no-common-crypto'],
    ['AVP with key', 'RTP/AVP', 'RTP/AVP+key', 'RTP/AVP+key'],
    ['AVPF with key', 'RTP/AVPF', 'RTP/AVPF+key', 'RTP/AVPF+key'],
    ['SAVP', 'no-common-crypto', 'RTP/SAVP+key', 'RTP/SAVP+key'],
    ['SAVPF', 'no-common-crypto', 'RTP/SAVPF+key', 'RTP/SAVPF+key'],
    ['SAVP without key', 'no-common-crypto', 'no-common-crypto', 'no-common-crypto'],
    ['SAVP with unusable key', 'no-common-crypto', 'no-common-crypto', 'no-common-crypto'],
    ['AVP with unusable key', 'RTP/AVP', 'RTP/AVP', 'no-common-crypto'],
    ['SAVP, AVP', '-, RTP/AVP', 'RTP/SAVP+key, -', 'RTP/SAVP+key, -'],
    ['AVP, SAVP', 'RTP/AVP, -', '-, RTP/SAVP+key', '-, RTP/SAVP+key'],
    ['unusable SAVP, AVP', '-, RTP/AVP', '-, RTP/AVP', 'no-common-crypto'],
  ])('%s: off %s, best effort %s, required %s', (form, off, bestEffort, required) => {
    expect(outcome(form, 'off')).toBe(off);
    expect(outcome(form, 'best-effort')).toBe(bestEffort);
    expect(outcome(form, 'required')).toBe(required);
  });

  it('takes the encrypted stream of a call and refuses the plain one where SRTP is required', () => {
    const text = answer(
      planned(sdp(...audio('RTP/SAVP', CRYPTO), ...video('RTP/AVP')), 'required'),
      relayed(),
    );
    expect(lines(text, /^m=/)).toEqual(['m=audio 40000 RTP/SAVP 8', 'm=video 0 RTP/AVP 97']);
  });

  it('decides for sound and picture apart where SRTP is best effort', () => {
    const media = planned(sdp(...audio('RTP/AVP', CRYPTO), ...video('RTP/AVP')), 'best-effort');
    expect([media.audio?.crypto?.tag, media.video?.crypto]).toEqual([1, undefined]);
  });
});

describe('pain 10: keys', () => {
  const both = sdp(...audio('RTP/SAVP', CRYPTO), ...video('RTP/AVPF', CRYPTO));

  it('the relay gets the endpoint’s key under RTP/SAVP, and no feedback profile', () => {
    const text = relayOffer(planned(both, 'best-effort'));
    const crypto = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${PEER_KEY}`;
    expect(lines(text, /^(m=|a=crypto)/)).toEqual([
      'm=audio 4000 RTP/SAVP 8',
      crypto,
      'm=video 5000 RTP/SAVP 97',
      crypto,
    ]);
  });

  it('the relay gets neither key nor SAVP where the policy is off', () => {
    const plain = sdp(...audio('RTP/AVP', CRYPTO), ...video('RTP/AVPF', CRYPTO));
    const text = relayOffer(planned(plain, 'off'));
    expect(lines(text, /^m=/)).toEqual(['m=audio 4000 RTP/AVP 8', 'm=video 5000 RTP/AVP 97']);
    expect(text).not.toContain('crypto');
  });

  it('the endpoint gets the relay’s key under the tag it offered, and never its own', () => {
    const tagged = CRYPTO.replace('crypto:1', 'crypto:7');
    const media = planned(sdp(...audio('RTP/AVP', tagged)), 'best-effort');
    const text = answer(media, relayed());
    expect(lines(text, /crypto/)).toEqual([
      `a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:${RELAY_KEY}`,
    ]);
    expect(text).not.toContain(PEER_KEY);
  });

  it.each([
    ['no key', ADDRESSES],
    ['a key of another suite', relayed('AES_CM_128_HMAC_SHA1_32')],
  ])('a line is closed rather than opened in the clear when the relay gave %s', (_, addresses) => {
    const text = answer(planned(both, 'best-effort'), addresses);
    expect(lines(text, /^m=/)).toEqual(['m=audio 0 RTP/SAVP 8', 'm=video 0 RTP/AVPF 97']);
    expect(text).not.toContain('crypto');
  });

  it('pain 5: the same offer again gives the same plan and answer', () => {
    const [first, second] = [planned(both, 'best-effort'), planned(both, 'best-effort')];
    expect(answer(second, relayed())).toBe(answer(first, relayed()));
    expect(relayOffer(second)).toBe(relayOffer(first));
  });
});
