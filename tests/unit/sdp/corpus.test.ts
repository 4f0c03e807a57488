import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  answer,
  type CryptoLine,
  type MediaPlan,
  plan,
  quirksOf,
  type VideoPlan,
} from '../../../src/sdp/index.ts';
import { sdpOf } from './build.ts';
import {
  ADDRESSES,
  CAPABILITIES,
  EXPECTED,
  type Expected,
  fixtureNames,
  KEYS,
  readExpectedAnswer,
  readOffer,
} from './corpus.ts';

/** A plan in the words of the table. */
function summary({ audio, video, slides }: MediaPlan): Expected {
  return {
    ...(audio && { audio: `${audio.codec}/${audio.payloadType}/${audio.direction}` }),
    ...(audio?.dtmf && { dtmf: audio.dtmf.payloadType }),
    ...(audio && audio.passedOver.length > 0 && { passedOver: audio.passedOver.join(', ') }),
    ...(video && {
      video: pictureWords(video),
      limits: [video.maxFs, video.maxMbps, video.maxBitrateBps, video.maxReceiveBitrateBps],
      feedback: feedbackWords(video),
      refresh: video.refresh,
    }),
    ...(slides && { slides: slides.mLineIndex }),
  };
}

function pictureWords(video: VideoPlan): string {
  const { codec, payloadType, packetizationMode, profileLevelId, direction } = video;
  return codec === 'h264'
    ? `${payloadType}/${packetizationMode}/${profileLevelId}/${direction}`
    : `${codec}/${payloadType}/${direction}`;
}

function feedbackWords({ feedback }: VideoPlan): string {
  const words: [string, boolean][] = [
    ['pli', feedback.nackPli],
    ['fir', feedback.ccmFir],
    ['nack', feedback.nack],
    ['tmmbr', feedback.tmmbr],
  ];
  return words
    .filter(([, offered]) => offered)
    .map(([word]) => word)
    .join(' ');
}

function keyWords(crypto: CryptoLine | undefined): string {
  if (!crypto) return '';
  const { tag, suite, lifetimePackets, mki } = crypto;
  const lifetime = lifetimePackets ? ` 2^${Math.log2(lifetimePackets)}` : '';
  return `${tag} ${suite}${lifetime}${mki ? ` MKI ${mki.value}:${mki.lengthBytes}` : ''}`;
}

describe('the corpus of offers', () => {
  it('has an expectation and a source for every fixture', () => {
    expect(fixtureNames()).toEqual(Object.keys(EXPECTED).sort());
    const sources = fixtureNames().map(
      name => new URL(`../../fixtures/sdp/${name}/source.md`, import.meta.url),
    );
    expect(sources.filter(source => !existsSync(source))).toEqual([]);
  });

  it.each(Object.entries(EXPECTED))('%s is planned as expected', (name, expected) => {
    const result = plan(readOffer(name), CAPABILITIES);
    expect(result.ok ? summary(result.plan) : { refused: result.code }).toEqual(expected);
  });

  const accepted = Object.keys(EXPECTED).filter(name => !EXPECTED[name]?.refused);
  it.each(accepted)('%s gets the answer that was read and found right', name => {
    const result = plan(readOffer(name), CAPABILITIES);
    if (!result.ok) throw new Error(result.reason);
    expect(answer(result.plan, ADDRESSES)).toBe(readExpectedAnswer(name));
  });

  it.each(fixtureNames())('pain 10: %s has the expected keys where SRTP is best effort', name => {
    const result = plan(readOffer(name), { ...CAPABILITIES, srtp: 'best-effort' });
    const { audio, video } = result.ok ? result.plan : {};
    const keys = { audio: keyWords(audio?.crypto), video: keyWords(video?.crypto) };
    expect(keys).toEqual(KEYS[name] ?? { audio: '', video: '' });
  });

  it('pain 1: a decoder that leaves out what it can gets 720p all the same, by its row', () => {
    const result = plan(readOffer('dahua-vto-no-fmtp'), CAPABILITIES, quirksOf('Dahua VTO2211G'));
    expect(result).toMatchObject({ plan: { video: { maxFs: 3600, packetizationMode: 0 } } });
  });

  it('pain 2: the INFO to a Huawei names its main video, not its slides', () => {
    const result = plan(readOffer('huawei-te40-label'), CAPABILITIES, quirksOf('Huawei TE40'));
    expect(result).toMatchObject({ plan: { video: { refresh: 'info', refreshStreamId: '31' } } });
  });

  it('refuses with the list of what was offered', () => {
    const sound = ['m=audio 17000 RTP/AVP 18 4 101', 'a=rtpmap:4 G723/8000'];
    const digits = 'a=rtpmap:101 telephone-event/8000';
    const picture = ['m=video 17002 RTP/AVP 96', 'a=rtpmap:96 VP8/90000'];
    expect(plan(sdpOf(...sound, digits, ...picture), CAPABILITIES)).toMatchObject({
      reason:
        'nothing in common; offered: audio RTP/AVP G.729 G.723.1 telephone-event; video RTP/AVP vp8',
    });
  });
});
