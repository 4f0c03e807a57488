import { describe, expect, it } from 'vitest';
import { accept, type MediaPlan, offer, plan, type SrtpPolicy } from '../../../src/sdp/index.ts';
import { H264, linesOf, planned, RELAY_KEY, SECURE_ADDRESSES, sdpOf } from './build.ts';
import { ADDRESSES, CAPABILITIES, fixtureNames, readLateAnswer, readOffer } from './corpus.ts';

describe('pain 4: the offer in a 200, or of a dial-out', () => {
  it('has what a room codec can choose from', () => {
    expect(offer(CAPABILITIES, ADDRESSES).split('\r\n')).toEqual([
      'v=0',
      'o=diemcau 700 1 IN IP4 192.0.2.1',
      's=-',
      'c=IN IP4 192.0.2.1',
      't=0 0',
      'm=audio 40000 RTP/AVP 111 9 8 0 101 102',
      'a=rtpmap:111 opus/48000/2',
      'a=rtpmap:9 G722/8000',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:0 PCMU/8000',
      'a=fmtp:111 useinbandfec=1',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=rtpmap:102 telephone-event/48000',
      'a=fmtp:102 0-15',
      'a=sendrecv',
      'm=video 40002 RTP/AVP 97 98 99 34',
      'b=AS:2000',
      'b=TIAS:2000000',
      'a=rtpmap:97 H264/90000',
      'a=fmtp:97 profile-level-id=42e01f;packetization-mode=1;max-fs=3600;max-mbps=108000;level-asymmetry-allowed=1',
      'a=rtpmap:98 H264/90000',
      'a=fmtp:98 profile-level-id=42e01f;packetization-mode=0;max-fs=3600;max-mbps=108000;level-asymmetry-allowed=1',
      'a=rtpmap:99 H263-1998/90000',
      'a=fmtp:99 CIF=1;QCIF=1',
      'a=rtpmap:34 H263/90000',
      'a=fmtp:34 CIF=1;QCIF=1',
      'a=rtcp-fb:* nack',
      'a=rtcp-fb:* nack pli',
      'a=rtcp-fb:* ccm fir',
      'a=rtcp-fb:* ccm tmmbr',
      'a=sendrecv',
      '',
    ]);
  });

  it('has only what our side has, and its directions', () => {
    const { videoPort, videoRtcpPort, ...soundOnly } = ADDRESSES;
    const capabilities = { ...CAPABILITIES, audio: ['pcma'] as const };
    expect(linesOf(offer(capabilities, soundOnly), /^m=/)).toEqual(['m=audio 40000 RTP/AVP 8 101']);
    const held = offer(CAPABILITIES, ADDRESSES, { audio: 'sendonly', video: 'inactive' });
    expect(linesOf(held, /^a=(send|recv|inactive)/)).toEqual(['a=sendonly', 'a=inactive']);
    const noVideo = offer({ ...CAPABILITIES, video: false }, ADDRESSES);
    expect(linesOf(noVideo, /^m=/)).toHaveLength(1);
  });

  it('names an RTCP port that is not the next one, and its address family', () => {
    const apart = { ...ADDRESSES, host: '2001:db8::1', videoRtcpPort: 40_009 };
    expect(linesOf(offer(CAPABILITIES, apart), /^(a=rtcp:|c=)/)).toEqual([
      'c=IN IP6 2001:db8::1',
      'a=rtcp:40009',
    ]);
  });

  it('can be read by our own planner', () => {
    const { audio, video } = planned(offer(CAPABILITIES, ADDRESSES));
    expect(audio).toMatchObject({ codec: 'opus', dtmf: { payloadType: 102 } });
    expect(video).toMatchObject({ payloadType: 97, maxBitrateBps: 2_000_000, refresh: 'pli' });
  });
});

describe('pain 10: keys of our offers', () => {
  const keyLines = [
    `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${RELAY_KEY}`,
    `a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:${RELAY_KEY}`,
  ];
  const withPolicy = (srtp: SrtpPolicy, addresses = SECURE_ADDRESSES) =>
    linesOf(offer({ ...CAPABILITIES, srtp }, addresses), /^(m=|a=crypto)/).map(line =>
      line.replace(/ (111|97) .*/, ''),
    );

  it.each<[policy: SrtpPolicy, lines: string[]]>([
    ['off', ['m=audio 40000 RTP/AVP', 'm=video 40002 RTP/AVP']],
    ['best-effort', ['m=audio 40000 RTP/AVP', ...keyLines, 'm=video 40002 RTP/AVP', ...keyLines]],
    ['required', ['m=audio 40000 RTP/SAVP', ...keyLines, 'm=video 40002 RTP/SAVP', ...keyLines]],
  ])('%s', (policy, lines) => expect(withPolicy(policy)).toEqual(lines));

  it('nothing is offered in the clear where a key is required and missing', () => {
    expect(withPolicy('required', ADDRESSES)).toEqual([
      'm=audio 0 RTP/SAVP 0',
      'm=video 0 RTP/SAVP 0',
    ]);
    expect(withPolicy('best-effort', ADDRESSES)).toEqual([
      'm=audio 40000 RTP/AVP',
      'm=video 40002 RTP/AVP',
    ]);
  });
});

describe('pain 5: an offer within a session', () => {
  const again = (after: MediaPlan, options = {}) =>
    offer(CAPABILITIES, ADDRESSES, { after, ...options });
  const shape = (sdp: string) =>
    linesOf(sdp, /^m=/).map(line => line.replace(/^m=(\S+) \d+ (\S+).*$/, '$1 $2'));

  it.each(fixtureNames().filter(name => plan(readOffer(name), CAPABILITIES).ok))(
    '%s finds its lines in their places',
    name => {
      const session = planned(readOffer(name));
      const lines = session.offer.media.map(({ kind, proto }) => `${kind} ${proto}`);
      expect(shape(again(session)).slice(0, lines.length)).toEqual(lines);
    },
  );

  it('keeps what runs first, under the number it has, and closed lines closed', () => {
    const session = planned(readOffer('huawei-te40-label'));
    expect(linesOf(again(session), /^m=/)).toEqual([
      'm=audio 40000 RTP/AVP 9 111 8 0 116 96',
      'm=video 40002 RTP/AVP 105 97 99 34',
      'm=video 0 RTP/AVP 106 105',
      'm=application 0 TCP/BFCP *',
      'm=application 0 RTP/AVP 107',
    ]);
  });

  it('keeps a profile of the peer’s that runs, and offers ours besides', () => {
    const session = planned(readOffer('vidyo-gateway-main-profile'));
    expect(
      linesOf(again(session), /^(m=video|a=fmtp:\d+ prof)/).map(line => line.slice(0, 40)),
    ).toEqual([
      'm=video 40002 RTP/AVP 123 97 98 99 34',
      'a=fmtp:123 profile-level-id=4d401f;packe',
      'a=fmtp:97 profile-level-id=42e01f;packet',
      'a=fmtp:98 profile-level-id=42e01f;packet',
    ]);
  });

  it.each<[situation: string, lines: string[], open: string[]]>([
    [
      'H.263 that runs',
      ['m=video 5000 RTP/AVP 34', 'a=fmtp:34 QCIF=1'],
      ['m=video 40002 RTP/AVP 34 97 98 99', 'a=fmtp:34 QCIF=1', 'a=sendrecv'],
    ],
    [
      'H.263 under a name and a number of the peer’s',
      ['m=video 5000 RTP/AVP 99 34', 'a=rtpmap:99 H263-2000/90000'],
      ['m=video 40002 RTP/AVP 99 97 98 96 34', 'a=rtpmap:99 H263-2000/90000', 'a=sendrecv'],
    ],
    [
      'H.261, which we do not send,',
      ['m=video 5000 RTP/AVP 31'],
      ['m=video 40002 RTP/AVP 31 97 98 99 34', 'a=rtpmap:31 H261/90000', 'a=recvonly'],
    ],
  ])('keeps %s first', (_situation, lines, open) => {
    const text = again(planned(sdpOf(...lines)));
    const picture = text.slice(text.indexOf('m=video'), text.indexOf('m=audio')).split('\r\n');
    expect(open.filter(line => !picture.includes(line))).toEqual([]);
    expect(accept(text, sdpOf(...lines))).toMatchObject({ ok: true, plan: { video: {} } });
  });

  it('gives no number a second meaning', () => {
    const lines = ['m=audio 4000 RTP/AVP 8 111 101 102', 'a=rtpmap:111 AMR/8000'];
    const text = again(planned(sdpOf(...lines, 'a=rtpmap:101 X/8000', 'a=rtpmap:102 Y/8000')));
    const [, sound = ''] = text.split(/^m=/m);
    const numbers = linesOf(sound, /^a=rtpmap/).map(line =>
      line.replace(/^a=rtpmap:(\d+).*/, '$1'),
    );
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers).not.toContain('111');
    expect(numbers).not.toContain('101');
    expect(numbers).not.toContain('102');
  });

  it('turns the picture off and on in its place, and adds it where there was none', () => {
    const { videoPort, ...noPicture } = ADDRESSES;
    const session = planned(sdpOf('m=video 5000 RTP/AVP 97', ...H264, 'm=audio 4000 RTP/AVP 8'));
    const off = offer(CAPABILITIES, noPicture, { after: session });
    expect(linesOf(off, /^m=/)[0]).toBe('m=video 0 RTP/AVP 97');
    const soundOnly = planned(sdpOf('m=video 0 RTP/AVP 97', ...H264, 'm=audio 4000 RTP/AVP 8'));
    expect(linesOf(again(soundOnly), /^m=/)[0]).toBe('m=video 40002 RTP/AVP 97 98 99 34');
    const never = planned(sdpOf('m=audio 4000 RTP/AVP 8'));
    expect(shape(again(never))).toEqual(['audio RTP/AVP', 'video RTP/AVP']);
  });

  it('never opens slides as the camera', () => {
    const slides = ['m=video 5000 RTP/AVP 97', ...H264, 'a=content:slides'];
    const session = planned(sdpOf('m=audio 4000 RTP/AVP 8', ...slides));
    expect(linesOf(again(session), /^m=/)).toEqual([
      'm=audio 40000 RTP/AVP 8 111 9 0 101 102',
      'm=video 0 RTP/AVP 97',
      'm=video 40002 RTP/AVP 97 98 99 34',
    ]);
  });

  it('stays encrypted, or in the clear, as it is', () => {
    const late = accept(
      offer({ ...CAPABILITIES, srtp: 'best-effort' }, SECURE_ADDRESSES),
      readLateAnswer('cisco-sx10-besteffort-srtp'),
    );
    if (!late.ok) throw new Error(late.reason);
    const best = { ...CAPABILITIES, srtp: 'best-effort' } as const;
    const text = offer(best, SECURE_ADDRESSES, { after: late.plan });
    expect(linesOf(text, /^a=crypto/)).toEqual([
      `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${RELAY_KEY}`,
      `a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:${RELAY_KEY}`,
    ]);
    expect(linesOf(text, /^m=/).map(line => line.split(' ')[2])).toEqual(['RTP/AVP', 'RTP/AVP']);
    const clear = planned(sdpOf('m=audio 4000 RTP/AVP 8'));
    const [, sound = ''] = offer(best, SECURE_ADDRESSES, { after: clear }).split(/^m=/m);
    expect(sound).toContain('audio 40000 RTP/AVP 8');
    expect(sound).not.toContain('a=crypto');
  });
});
