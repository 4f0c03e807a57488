import { describe, expect, it } from 'vitest';
import { answer, type MediaPlan, plan } from '../../../src/sdp/index.ts';
import { ADDRESSES, CAPABILITIES } from './corpus.ts';

const OLD = [
  ...['a=rtpmap:96 H263-1998/90000', 'a=rtpmap:95 H263-2000/90000', 'a=fmtp:34 QCIF=1'],
  ...['a=rtpmap:98 H264/90000', 'a=fmtp:98 profile-level-id=64001f'],
];
const H264 = ['a=rtpmap:97 H264/90000', 'a=fmtp:97 profile-level-id=42801f;packetization-mode=1'];

function offer(...lines: string[]): string {
  const session = ['v=0', 'o=- 1 1 IN IP4 192.0.2.5', 's=-', 'c=IN IP4 192.0.2.5', 't=0 0'];
  return `${[...session, ...lines].join('\r\n')}\r\n`;
}

function planned(sdp: string, capabilities = CAPABILITIES): MediaPlan {
  const result = plan(sdp, capabilities);
  if (!result.ok) throw new Error(result.reason);
  return result.plan;
}

/** The m-lines of our answer. */
function answered(...lines: string[]): string[] {
  const text = answer(planned(offer(...lines)), ADDRESSES);
  return text.split('\r\n').filter(line => line.startsWith('m='));
}

describe('audio', () => {
  it.each<[list: string, rtpmaps: string[], codec: string]>([
    ['8 0 9', [], 'pcma'],
    ['9 8 0', [], 'g722'],
    ['18 4 0', [], 'pcmu'],
    ['96 8', ['96 opus/48000/2'], 'opus'],
    ['8 96', ['96 opus/48000/2'], 'pcma'],
    ['96 8', ['96 opus/16000'], 'pcma'],
    ['96 8', ['96 PCMU/16000'], 'pcma'],
    ['96 8', ['96 G722/8000/2'], 'pcma'],
    ['0 8', ['0 L16/44100'], 'pcma'],
    ['96', ['96 pcmA/8000'], 'pcma'],
  ])('of %s with %j takes %s', (list, rtpmaps, codec) => {
    const maps = rtpmaps.map(map => `a=rtpmap:${map}`);
    expect(planned(offer(`m=audio 4000 RTP/AVP ${list}`, ...maps)).audio?.codec).toBe(codec);
  });

  it.each<[list: string, maps: string[], dtmf: object | undefined, line: string]>([
    ['8 101', ['101 telephone-event/8000'], { payloadType: 101, clockRateHz: 8000 }, '8 101'],
    ['8 0 127', ['127 telephone-event/8000'], { payloadType: 127, clockRateHz: 8000 }, '8 127'],
    ['96 8', ['96 TELEPHONE-EVENT/8000'], { payloadType: 96, clockRateHz: 8000 }, '8 96'],
    [
      '111 101 102',
      ['111 opus/48000/2', '101 telephone-event/8000', '102 telephone-event/48000'],
      { payloadType: 102, clockRateHz: 48_000 },
      '111 102',
    ],
    [
      '111 101',
      ['111 opus/48000/2', '101 telephone-event/8000'],
      { payloadType: 101, clockRateHz: 8000 },
      '111 101',
    ],
    ['8 101', ['101 X/8000'], undefined, '8'],
  ])('pain 13: of %s with %j takes digits %j', (list, rtpmaps, dtmf, line) => {
    const maps = rtpmaps.map(map => `a=rtpmap:${map}`);
    const media = planned(offer(`m=audio 4000 RTP/AVP ${list}`, ...maps));
    expect(media.audio?.dtmf).toEqual(dtmf);
    expect(answer(media, ADDRESSES)).toContain(`m=audio 40000 RTP/AVP ${line}\r\n`);
  });

  it('takes only what our side has', () => {
    const sdp = offer('m=audio 4000 RTP/AVP 9 8');
    expect(planned(sdp, { ...CAPABILITIES, audio: ['pcma'] }).audio?.codec).toBe('pcma');
    expect(plan(sdp, { ...CAPABILITIES, audio: ['opus'] })).toMatchObject({ ok: false });
  });

  it.each(['0', '-20', 'x', '1000000', '20.5'])('does not repeat a=ptime:%s', ptime => {
    const { audio } = planned(offer('m=audio 4000 RTP/AVP 8', `a=ptime:${ptime}`));
    expect(audio).not.toHaveProperty('ptimeMs');
  });
});

describe('video', () => {
  const payloads = (...fmtps: string[]) => [
    `m=video 5000 RTP/AVP ${fmtps.map((_, index) => 100 + index).join(' ')}`,
    ...fmtps.flatMap((fmtp, index) => [
      `a=rtpmap:${100 + index} H264/90000`,
      `a=fmtp:${100 + index} ${fmtp}`,
    ]),
  ];
  const base = (mode: number) => `profile-level-id=42801f;packetization-mode=${mode}`;
  const high = (mode: number) => `profile-level-id=64001f;packetization-mode=${mode}`;

  it.each<[situation: string, fmtps: string[], payloadType: number]>([
    ['mode 1 before mode 0', [base(0), base(1)], 101],
    ['baseline before high', [high(1), base(1)], 101],
    ['baseline mode 0 before high mode 1', [high(1), base(0)], 101],
    ['high mode 1 before high mode 0', [high(0), high(1)], 101],
    ['the peer’s first of equals', [base(1), base(1)], 100],
    ['mode 0 where mode 2 is the other', [base(2), base(0)], 101],
  ])('pain 1: takes %s', (_situation, fmtps, payloadType) => {
    expect(planned(offer(...payloads(...fmtps))).video?.payloadType).toBe(payloadType);
  });

  it.each(['profile-level-id=f4001f', 'profile-level-id=58801f', 'packetization-mode=2'])(
    'refuses %s alone',
    fmtp => {
      expect(plan(offer(...payloads(fmtp)), CAPABILITIES)).toMatchObject({
        code: 'no-common-codec',
      });
    },
  );

  it('pain 14: reads an fmtp that is only a number as one that says nothing', () => {
    const { video } = planned(
      offer('m=video 5000 RTP/AVP 97', 'a=rtpmap:97 H264/90000', 'a=fmtp:97 15'),
    );
    expect(video).toMatchObject({ profileLevelId: '42000a', packetizationMode: 0 });
  });

  it.each(['a=rtpmap:97 264/90000', 'a=rtpmap:97 H264', 'a=rtpmap:96 H264/90000'])(
    'pain 14: refuses video whose only map is %s, and keeps the sound',
    map => {
      const media = planned(offer('m=audio 4000 RTP/AVP 8', 'm=video 5000 RTP/AVP 97', map));
      expect(media).toHaveProperty('audio');
      expect(media).not.toHaveProperty('video');
    },
  );

  it('pain 3: slides never take the camera’s place, wherever they stand', () => {
    const slides = ['m=video 5000 RTP/AVP 97', ...H264, 'a=content:slides'];
    const main = ['m=video 5002 RTP/AVP 97', ...H264, 'a=content:main'];
    expect(planned(offer(...slides, ...main)).video?.mLineIndex).toBe(1);
    expect(planned(offer('m=audio 4000 RTP/AVP 8', ...slides))).not.toHaveProperty('video');
    expect(planned(offer(...main, ...slides)).video?.mLineIndex).toBe(0);
  });

  it.each<[list: string, codec: string, payloadType: number]>([
    ['31 34 96 98', 'h264', 98],
    ['34 96', 'h263', 34],
    ['96 34', 'h263-1998', 96],
    ['95 34 96', 'h263-1998', 95],
    ['31 34', 'h263', 34],
    ['31', 'h261', 31],
  ])('pain 1: of %s takes %s', (list, codec, payloadType) => {
    const { video } = planned(offer(`m=video 5000 RTP/AVP ${list}`, ...OLD));
    expect(video).toMatchObject({ codec, payloadType });
  });

  it('pain 1: H.264 of a later line before H.263 of the first', () => {
    const old = 'm=video 5000 RTP/AVP 34';
    const { video } = planned(offer(old, 'm=video 5002 RTP/AVP 97', ...H264));
    expect(video).toMatchObject({ codec: 'h264', mLineIndex: 1 });
  });

  it('pain 1: H.263 where the H.264 is of no use', () => {
    const useless = ['a=rtpmap:98 H264/90000', 'a=fmtp:98 packetization-mode=2'];
    const { video } = planned(offer('m=video 5000 RTP/AVP 98 34', ...useless));
    expect(video).toMatchObject({ codec: 'h263', payloadType: 34 });
  });

  it.each([
    ['sendrecv', 'recvonly'],
    ['sendonly', 'recvonly'],
    ['recvonly', 'inactive'],
    ['inactive', 'inactive'],
  ])('H.261 offered %s is answered %s', (offered, ours) => {
    const media = planned(offer('m=video 5000 RTP/AVP 31', `a=${offered}`));
    expect(answer(media, ADDRESSES)).toContain(`a=fmtp:31 CIF=1;QCIF=1\r\na=${ours}\r\n`);
  });

  it('answers H.263 with the size, the name and the number that were offered', () => {
    const text = answer(
      planned(offer('m=video 5000 RTP/AVP 95', ...OLD, 'a=fmtp:95 QCIF=1;F=1')),
      ADDRESSES,
    );
    expect(text).toContain('a=rtpmap:95 H263-2000/90000\r\na=fmtp:95 QCIF=1\r\n');
  });

  it.each<[listed: string[], answered: string[]]>([
    [[], []],
    [['nack'], ['nack']],
    [['ccm tmmbr'], ['ccm tmmbr']],
    [
      ['ccm tmmbr fir', 'nack pli', 'nack'],
      ['nack', 'nack pli', 'ccm fir', 'ccm tmmbr'],
    ],
    [['nack rpsi', 'ccm tstr', 'ccm pan', 'goog-remb'], []],
  ])('pain 15: of feedback %j answers %j', (listed, answers) => {
    const lines = listed.map(kind => `a=rtcp-fb:* ${kind}`);
    const text = answer(planned(offer('m=video 5000 RTP/AVP 97', ...H264, ...lines)), ADDRESSES);
    expect(text.match(/(?<=a=rtcp-fb:97 ).*(?=\r)/g) ?? []).toEqual(answers);
  });

  it('takes none when our side has no video', () => {
    const sdp = offer('m=audio 4000 RTP/AVP 8', 'm=video 5000 RTP/AVP 97', ...H264);
    expect(planned(sdp, { ...CAPABILITIES, video: false })).not.toHaveProperty('video');
  });

  it.each<[situation: string, session: string[], media: string[], bitrateBps: number]>([
    ['none', [], [], 2_000_000],
    ['the least of TIAS and AS', [], ['b=AS:600', 'b=TIAS:500000'], 500_000],
    ['the least of AS and TIAS', [], ['b=AS:100', 'b=TIAS:500000'], 100_000],
    ['AS', [], ['b=AS:384'], 384_000],
    ['session AS below media', ['b=AS:256'], ['b=TIAS:500000'], 256_000],
    ['session CT', ['b=CT:300'], [], 300_000],
    ['more than ours', [], ['b=AS:99999'], 2_000_000],
    ['zero and nonsense', ['b=AS:x'], ['b=TIAS:0'], 2_000_000],
    ['kilobits where bits belong, which counts as nothing', [], ['b=TIAS:768'], 2_000_000],
    ['less than any stream, which counts as nothing', ['b=AS:1'], [], 2_000_000],
  ])('pain 15: bounds the bitrate by %s', (_situation, session, media, bitrateBps) => {
    const { video } = planned(offer(...session, 'm=video 5000 RTP/AVP 97', ...media, ...H264));
    expect(video).toMatchObject({ maxBitrateBps: bitrateBps, maxReceiveBitrateBps: bitrateBps });
  });
});

describe('directions', () => {
  it.each<[offered: string[], ours: string]>([
    [[], 'sendrecv'],
    [['a=sendrecv'], 'sendrecv'],
    [['a=sendonly'], 'recvonly'],
    [['a=recvonly'], 'sendonly'],
    [['a=inactive'], 'inactive'],
    [['c=IN IP4 0.0.0.0'], 'recvonly'],
    [['c=IN IP6 ::'], 'recvonly'],
    [['c=IN IP4 0.0.0.0', 'a=recvonly'], 'inactive'],
    [['c=IN IP4 0.0.0.0', 'a=sendonly'], 'recvonly'],
    [['c=IN IP4 0.0.0.0', 'a=inactive'], 'inactive'],
  ])('%j is answered %s', (offered, ours) => {
    const media = planned(
      offer('m=audio 4000 RTP/AVP 8', ...offered, 'm=video 5000 RTP/AVP 97', ...offered, ...H264),
    );
    expect([media.audio?.direction, media.video?.direction]).toEqual([ours, ours]);
  });

  it('pain 15: takes a camera that only receives', () => {
    const text = answer(
      planned(offer('m=video 5000 RTP/AVP 97', ...H264, 'a=recvonly')),
      ADDRESSES,
    );
    expect(text).toMatch(/m=video 40002 (?:.*\r\n)*a=sendonly\r\n$/);
  });

  it('takes the session’s direction where the line has none', () => {
    const { audio, video } = planned(
      offer(
        'a=recvonly',
        'm=audio 4000 RTP/AVP 8',
        'm=video 5000 RTP/AVP 97',
        ...H264,
        'a=sendrecv',
      ),
    );
    expect([audio?.direction, video?.direction]).toEqual(['sendonly', 'sendrecv']);
  });
});

describe('m-lines of the answer', () => {
  it('pain 3: mirrors what is refused', () => {
    const lines = [
      'm=application 5070 UDP/BFCP *',
      'm=video 5002 RTP/AVP 26 32',
      'm=application 6000 UDP/UDT/IX *',
      'm=audio 4000 RTP/AVP 8 101',
      'm=application 6002 RTP/AVP 100',
      'm=application 0 TCP/BFCP *',
      'm=image 6004 udptl t38',
      'm=x-data 6006 TCP/MSRP *',
      'm=message 6008/2 TCP/TLS/MSRP',
    ];
    expect(answered(...lines)).toEqual([
      'm=application 0 UDP/BFCP *',
      'm=video 0 RTP/AVP 26 32',
      'm=application 0 UDP/UDT/IX *',
      'm=audio 40000 RTP/AVP 8',
      'm=application 0 RTP/AVP 100',
      'm=application 0 TCP/BFCP *',
      'm=image 0 udptl t38',
      'm=x-data 0 TCP/MSRP *',
      'm=message 0 TCP/TLS/MSRP 0',
    ]);
  });

  it('pain 9: echoes AVP and AVPF, refuses their secure forms', () => {
    const lines = ['RTP/AVPF', 'RTP/SAVP', 'RTP/SAVPF'].map(proto => `m=audio 4000 ${proto} 8`);
    const [avpf = '', ...secure] = lines;
    expect(answered(...secure, avpf)).toEqual([
      'm=audio 0 RTP/SAVP 8',
      'm=audio 0 RTP/SAVPF 8',
      'm=audio 40000 RTP/AVPF 8',
    ]);
  });

  it('pain 10: answers best-effort SRTP in the clear', () => {
    const crypto = 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:b3du';
    const text = answer(planned(offer('m=audio 4000 RTP/AVP 8', crypto)), ADDRESSES);
    expect(text).toContain('m=audio 40000 RTP/AVP 8');
    expect(text).not.toContain('crypto');
  });

  it('refuses a planned medium for which there is no port', () => {
    const media = planned(offer('m=audio 4000 RTP/AVP 8', 'm=video 5000 RTP/AVP 97', ...H264));
    const text = answer(media, {
      host: '192.0.2.1',
      audioPort: 40_000,
      sessionId: '1',
      sessionVersion: 2,
    });
    expect(text).toContain('m=video 0 RTP/AVP 97\r\n');
  });

  it('names the RTCP port where it is not the next one, and its own address family', () => {
    const media = planned(offer('m=audio 4000 RTP/AVP 8'));
    const text = answer(media, { ...ADDRESSES, host: '2001:db8::1', audioRtcpPort: 40_009 });
    expect(text).toContain('a=rtcp:40009\r\n');
    expect(text).toContain('c=IN IP6 2001:db8::1\r\n');
    expect(answer(media, ADDRESSES)).not.toContain('a=rtcp:');
  });
});

it.each<[situation: string, sdp: string]>([
  ['nothing', ''],
  ['text', 'hello'],
  ['JSON', '{"v":0}'],
  ['no v=0', 'm=audio 4000 RTP/AVP 8\r\n'],
  ['another version', 'v=1\r\nm=audio 4000 RTP/AVP 8\r\n'],
  ['no m-line', offer()],
  ['a broken m-line', offer('m=audio')],
  ['a port beyond 65535', offer('m=audio 65536 RTP/AVP 8')],
  ['a quote in a kind', offer('m=au"dio 4000 RTP/AVP 8')],
])('pain 14: %s is not SDP', (_situation, sdp) => {
  expect(plan(sdp, CAPABILITIES)).toMatchObject({ ok: false, code: 'sdp-invalid' });
});

it.each<[situation: string, lines: string[]]>([
  ['port 0', ['m=audio 0 RTP/AVP 8']],
  ['an address that is no address', ['m=audio 4000 RTP/AVP 8', 'c=IN IP4 10']],
  ['RTCP beyond 65535', ['m=audio 65535 RTP/AVP 8']],
  ['no known coder', ['m=audio 4000 RTP/AVP 18']],
])('has nothing in common with an offer of %s', (_situation, lines) => {
  expect(plan(offer(...lines), CAPABILITIES)).toMatchObject({ code: 'no-common-codec' });
});

it('says in the refusal which lines were closed', () => {
  expect(plan(offer('m=audio 0 RTP/AVP 8', 'm=image 6004 udptl t38'), CAPABILITIES)).toMatchObject({
    reason: 'nothing in common; offered: audio RTP/AVP (port 0) pcma; image udptl -',
  });
});

it('an endpoint may be sent more than it is asked to send', () => {
  const sdp = offer('m=video 5002 RTP/AVP 97', 'b=AS:2000', ...H264);
  const bounds = { maxVideoBitrateBps: 768_000, maxSentBitrateBps: 1_500_000 };
  expect(planned(sdp, { ...CAPABILITIES, ...bounds }).video).toMatchObject({
    maxBitrateBps: 1_500_000,
    maxReceiveBitrateBps: 768_000,
  });
});
