import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answer, type MediaPlan, plan } from '../../../src/sdp/index.ts';
import {
  ADDRESSES,
  CAPABILITIES,
  EXPECTED,
  type Expected,
  fixtureNames,
  readExpectedAnswer,
  readOffer,
} from './corpus.ts';

/** A plan in the words of the table. */
function summary({ audio, video }: MediaPlan): Expected {
  return {
    ...(audio && { audio: `${audio.codec}/${audio.payloadType}/${audio.direction}` }),
    ...(video && {
      video: `${video.payloadType}/${video.packetizationMode}/${video.profileLevelId}/${video.direction}`,
      limits: [video.maxFs, video.maxMbps, video.maxBitrateBps, video.maxReceiveBitrateBps],
      feedback: feedbackWords(video),
    }),
  };
}

function feedbackWords({ feedback }: NonNullable<MediaPlan['video']>): string {
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

  it('refuses with the list of what was offered', () => {
    const result = plan(readOffer('h323-gateway-g729'), CAPABILITIES);
    expect(result).toMatchObject({
      reason:
        'nothing in common; offered: audio RTP/AVP g729 g723 telephone-event; video RTP/AVP h263',
    });
  });
});
