import { describe, expect, it } from 'vitest';
import {
  accept,
  type MediaPlan,
  offer,
  type PlanResult,
  relayAnswer,
  type SrtpPolicy,
} from '../../../src/sdp/index.ts';
import { H264, linesOf, ourOffer, SECURE_ADDRESSES, sdpOf } from './build.ts';
import { CAPABILITIES, lateAnswerNames, readLateAnswer } from './corpus.ts';
import { inlineKey } from './keys.ts';

const BEST_EFFORT = { ...CAPABILITIES, srtp: 'best-effort' } as const;
const PEER_KEY = inlineKey(30, 0x44);

function taken(result: PlanResult): MediaPlan {
  if (!result.ok) throw new Error(`${result.code}: ${result.reason}`);
  return result.plan;
}

const answeredBy = (...lines: string[]) => accept(ourOffer(), sdpOf(...lines));
const audio = ['m=audio 4000 RTP/AVP 8'];

describe('answers of devices', () => {
  interface Expected {
    audio: string;
    video?: string;
    limits?: readonly [number, number, number];
    receives?: readonly number[];
    refresh?: string;
    keys?: readonly (number | undefined)[];
  }
  const EXPECTED: Record<string, Expected> = {
    'aethra-vegastar-h263-2000': {
      audio: 'pcma/8/sendrecv dtmf 101',
      video: 'h263-1998/99/sendrecv',
      limits: [396, 11_869, 2_000_000],
      receives: [],
      refresh: 'info',
    },
    'baresip-1-0': {
      audio: 'pcma/8/sendrecv dtmf 101',
      video: '98/0/42001f/sendrecv',
      limits: [3600, 108_000, 2_000_000],
      receives: [97],
      refresh: 'pli',
    },
    'cisco-sx10-besteffort-srtp': {
      audio: 'g722/9/sendrecv dtmf 101',
      video: '97/1/428014/sendrecv',
      limits: [3600, 108_000, 960_000],
      receives: [98],
      refresh: 'pli',
      keys: [1, 2],
    },
    'doorphone-own-number-answer': {
      audio: 'pcmu/0/sendrecv',
      video: '96/0/42e01f/recvonly',
      limits: [3600, 108_000, 2_000_000],
      receives: [97, 98],
      refresh: 'info',
    },
    'poly-studio-reordered-answer': {
      audio: 'pcmu/0/sendrecv',
      video: '110/1/428020/sendrecv',
      limits: [8160, 245_000, 2_000_000],
      receives: [97, 98],
      refresh: 'fir',
    },
    'polycom-group310-6': {
      audio: 'g722/9/sendrecv dtmf 101',
      video: '97/1/42801f/sendrecv',
      limits: [3600, 108_000, 1_856_000],
      receives: [98],
      refresh: 'fir',
    },
    'polycom-viewstation-7': {
      audio: 'g722/9/sendrecv',
      video: 'h263/34/sendrecv',
      limits: [396, 11_869, 384_000],
      receives: [],
      refresh: 'info',
    },
    'yealink-vc200-srtp-compulsory': { audio: 'pcma/8/sendrecv dtmf 101', keys: [2] },
  };

  function summary({ audio: sound, video }: MediaPlan): Expected {
    const keys = [sound?.crypto?.tag, video?.crypto?.tag].filter(tag => tag !== undefined);
    const digits = sound?.dtmf ? ` dtmf ${sound.dtmf.payloadType}` : '';
    return {
      audio: `${sound?.codec}/${sound?.payloadType}/${sound?.direction}${digits}`,
      ...(video && {
        video:
          video.codec === 'h264'
            ? `${video.payloadType}/${video.packetizationMode}/${video.profileLevelId}/${video.direction}`
            : `${video.codec}/${video.payloadType}/${video.direction}`,
        limits: [video.maxFs, video.maxMbps, video.maxBitrateBps],
        receives: video.receivePayloadTypes ?? [],
        refresh: video.refresh,
      }),
      ...(keys.length > 0 && { keys }),
    };
  }

  it('has an expectation for each', () => {
    expect(lateAnswerNames()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(Object.entries(EXPECTED))('pain 4 and 14: %s', (name, expected) => {
    const plan = taken(accept(ourOffer(BEST_EFFORT), readLateAnswer(name)));
    expect(summary(plan)).toEqual(expected);
    expect(plan.offer.media.map(({ kind }) => kind)).toEqual(['audio', 'video']);
  });
});

describe('pain 14: payload types', () => {
  it('a number of the peer’s own is sent with, ours is received', () => {
    const { audio: sound } = taken(
      answeredBy('m=audio 4000 RTP/AVP 96', 'a=rtpmap:96 opus/48000/2'),
    );
    expect(sound).toMatchObject({ codec: 'opus', payloadType: 96, receivePayloadType: 111 });
  });

  it('a number of ours without a name is what we said', () => {
    const { audio: sound } = taken(answeredBy('m=audio 4000 RTP/AVP 111 101'));
    expect(sound).toMatchObject({ codec: 'opus', payloadType: 111, dtmf: { payloadType: 101 } });
    expect(sound).not.toHaveProperty('receivePayloadType');
  });

  it('coders never offered are passed over', () => {
    const small = offer({ ...CAPABILITIES, audio: ['pcmu'] }, SECURE_ADDRESSES);
    const answer = sdpOf('m=audio 4000 RTP/AVP 9 8 18 0');
    expect(taken(accept(small, answer)).audio?.codec).toBe('pcmu');
    expect(accept(small, sdpOf('m=audio 4000 RTP/AVP 9 18'))).toMatchObject({
      code: 'no-common-codec',
      reason: 'nothing usable in the answer: audio RTP/AVP g722 G.729; video RTP/AVP (port 0) -',
    });
  });

  it.each([
    ['mode 0 where it says nothing of the mode', '97', 'profile-level-id=42801f', 0],
    ['mode 1 where it says so', '97', 'profile-level-id=42801f;packetization-mode=1', 1],
  ])('pain 1: %s', (_situation, payloadType, fmtp, mode) => {
    const { video } = taken(
      answeredBy(
        `m=video 5000 RTP/AVP ${payloadType}`,
        `a=rtpmap:${payloadType} H264/90000`,
        `a=fmtp:${payloadType} ${fmtp}`,
      ),
    );
    expect(video?.packetizationMode).toBe(mode);
  });

  it('of H.263 a number of the peer’s own is sent with, ours is received', () => {
    const { video } = taken(answeredBy('m=video 5000 RTP/AVP 120', 'a=rtpmap:120 H263-1998/90000'));
    expect(video).toMatchObject({
      codec: 'h263-1998',
      payloadType: 120,
      receivePayloadTypes: [99],
    });
  });

  it('H.263 that only has our number is what we said', () => {
    const { video } = taken(answeredBy('m=video 5000 RTP/AVP 99'));
    expect(video).toMatchObject({ codec: 'h263-1998', payloadType: 99, maxFs: 396 });
  });

  it('H.264 is taken of an answer that has both, wherever it stands', () => {
    const { video } = taken(answeredBy('m=video 5000 RTP/AVP 34 99 97', ...H264));
    expect(video).toMatchObject({ codec: 'h264', payloadType: 97, receivePayloadTypes: [98] });
  });

  it('H.261 was never offered, and is not taken', () => {
    const plan = taken(answeredBy(...audio, 'm=video 5000 RTP/AVP 31'));
    expect(plan).not.toHaveProperty('video');
  });

  it('pain 15: what we ask for and send is bounded by both sides', () => {
    const narrow = ['m=video 5000 RTP/AVP 97', 'b=AS:512', ...H264];
    expect(taken(answeredBy(...narrow)).video).toMatchObject({
      maxBitrateBps: 512_000,
      maxReceiveBitrateBps: 512_000,
    });
    const wide = ['m=video 5000 RTP/AVP 97', 'b=AS:9000', ...H264];
    expect(taken(answeredBy(...wide)).video?.maxBitrateBps).toBe(2_000_000);
  });
});

describe('pain 14: lines', () => {
  it.each<[situation: string, lines: string[], hasVideo: boolean]>([
    ['too few', audio, false],
    ['a refused picture', [...audio, 'm=video 0 RTP/AVP 97'], false],
    [
      'more than offered',
      [...audio, 'm=video 5000 RTP/AVP 97', ...H264, 'm=image 6 udptl t38'],
      true,
    ],
    ['the other way round', ['m=video 5000 RTP/AVP 97', ...H264, ...audio], true],
    ['only slides', [...audio, 'm=video 5000 RTP/AVP 97', ...H264, 'a=content:slides'], false],
  ])('%s', (_situation, lines, hasVideo) => {
    const plan = taken(answeredBy(...lines));
    expect(plan.audio).toMatchObject({ mLineIndex: 0, codec: 'pcma', remote: { rtpPort: 4000 } });
    expect(plan.video?.mLineIndex).toBe(hasVideo ? 1 : undefined);
    expect(plan.offer.media).toHaveLength(2);
  });

  it.each<[ours: 'sendonly' | 'sendrecv' | 'inactive', theirs: string, result: string]>([
    ['sendrecv', 'sendonly', 'recvonly'],
    ['sendonly', 'recvonly', 'sendonly'],
    ['sendonly', 'sendrecv', 'sendonly'],
    ['inactive', 'sendrecv', 'inactive'],
    ['sendonly', 'sendonly', 'inactive'],
  ])('pain 5: our %s answered %s is %s', (ours, theirs, result) => {
    const text = offer(CAPABILITIES, SECURE_ADDRESSES, { audio: ours, video: ours });
    const lines = [...audio, `a=${theirs}`, 'm=video 5000 RTP/AVP 97', ...H264, `a=${theirs}`];
    const plan = taken(accept(text, sdpOf(...lines)));
    expect([plan.audio?.direction, plan.video?.direction]).toEqual([result, result]);
  });
});

describe('pain 10: keys of answers', () => {
  const SHA80 = 'AES_CM_128_HMAC_SHA1_80';
  const SHA32 = 'AES_CM_128_HMAC_SHA1_32';
  const key = (tag: number, suite: string) => `a=crypto:${tag} ${suite} inline:${PEER_KEY}`;

  it.each<[policy: SrtpPolicy, proto: string, crypto: string[], outcome: string]>([
    ['off', 'RTP/AVP', [], 'clear'],
    ['off', 'RTP/AVP', [key(1, SHA80)], 'clear'],
    ['off', 'RTP/SAVP', [key(1, SHA80)], 'no-common-crypto'],
    ['best-effort', 'RTP/AVP', [], 'clear'],
    ['best-effort', 'RTP/AVP', [key(1, SHA80)], `1 ${SHA80}`],
    ['best-effort', 'RTP/AVP', [key(2, SHA32)], `2 ${SHA32}`],
    ['best-effort', 'RTP/SAVP', [key(1, SHA80)], `1 ${SHA80}`],
    ['best-effort', 'RTP/AVP', [key(7, SHA32)], `2 ${SHA32}`],
    ['best-effort', 'RTP/SAVP', [], 'no-common-crypto'],
    ['required', 'RTP/SAVP', [key(1, SHA80)], `1 ${SHA80}`],
    ['required', 'RTP/AVP', [key(1, SHA80)], `1 ${SHA80}`],
    ['required', 'RTP/SAVP', [], 'no-common-crypto'],
    ['required', 'RTP/AVP', [], 'no-common-crypto'],
    [
      'required',
      'RTP/SAVP',
      [`a=crypto:1 AES_192_CM_HMAC_SHA1_80 inline:${inlineKey(38)}`],
      'no-common-crypto',
    ],
  ])('%s answered by %s %j: %s', (srtp, proto, crypto, outcome) => {
    const text = offer({ ...CAPABILITIES, srtp }, SECURE_ADDRESSES);
    const result = accept(text, sdpOf(`m=audio 4000 ${proto} 8`, ...crypto));
    const chosen = result.ok ? result.plan.audio?.crypto : undefined;
    const seen = result.ok ? (chosen ? `${chosen.tag} ${chosen.suite}` : 'clear') : result.code;
    expect(seen).toBe(outcome);
  });

  it('are missed where SRTP is required and the session was encrypted under RTP/AVP', () => {
    const first = taken(
      accept(ourOffer(BEST_EFFORT), sdpOf('m=audio 4000 RTP/AVP 8', key(1, SHA80))),
    );
    const again = offer({ ...CAPABILITIES, srtp: 'required' }, SECURE_ADDRESSES, { after: first });
    expect(linesOf(again, /^m=audio/)[0]).toContain('RTP/AVP');
    const inTheClear = sdpOf('m=audio 4000 RTP/AVP 8');
    expect(accept(again, inTheClear, [], 'required')).toMatchObject({ code: 'no-common-crypto' });
    expect(accept(again, inTheClear)).toMatchObject({ ok: true });
  });

  it('go to the relay under the tag it knows, a line for each it offered', () => {
    const plan = taken(
      accept(ourOffer(BEST_EFFORT), sdpOf('m=audio 4000 RTP/AVP 8', key(9, SHA32))),
    );
    expect(linesOf(relayAnswer(plan, ['audio', 'video']), /^(m=|a=crypto)/)).toEqual([
      'm=audio 4000 RTP/SAVP 8',
      `a=crypto:2 ${SHA32} inline:${PEER_KEY}`,
      'm=video 0 RTP/AVP 0',
    ]);
  });
});

describe('what is no answer', () => {
  it.each([
    ['', 'sdp-invalid'],
    ['v=0\r\n', 'sdp-invalid'],
    [sdpOf('m=audio 0 RTP/AVP 8', 'm=video 0 RTP/AVP 97'), 'no-common-codec'],
    [sdpOf('m=audio 4000 UDP/TLS/RTP/SAVPF 8'), 'no-common-codec'],
    [sdpOf('m=audio 4000 RTP/AVP 8').replaceAll('192.0.2.5', 'codec.example'), 'no-common-codec'],
  ])('%j: %s', (answer, code) => {
    expect(accept(ourOffer(), answer)).toMatchObject({ ok: false, code });
  });
});
