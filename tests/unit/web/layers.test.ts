import { describe, expect, it } from 'vitest';
import { LayerChoice } from '../../../src/web/room/media/layer-choice.ts';
import { cameraLayers } from '../../../src/web/room/media/layers.ts';

describe('the sizes of a camera', () => {
  it('are two in H.264, together below what it may take, the whole one first', () => {
    const [whole, small, ...more] = cameraLayers('h264', 768_000);
    expect([whole?.scaleResolutionDownBy, small?.scaleResolutionDownBy]).toEqual([undefined, 2]);
    expect((whole?.maxBitrate ?? 0) + (small?.maxBitrate ?? 0)).toBeLessThan(768_000);
    expect(more).toEqual([]);
  });

  it('is one in VP8', () => expect(cameraLayers('vp8', 768_000)).toHaveLength(1));
});

describe('the choice of a size', () => {
  const lines = (...feeds: string[]) => new Map(feeds.map((feed, mid) => [String(mid), feed]));

  function choiceOf(...layered: string[]) {
    const choice = new LayerChoice();
    for (const feed of layered) choice.published(feed, true);
    return choice;
  }

  it('is told once for each line, and again when it is another', () => {
    const choice = choiceOf('a', 'b');
    choice.show(new Set(['b']));
    expect(choice.changes(lines('a', 'b'))).toEqual([
      { mid: '0', substream: 1 },
      { mid: '1', substream: 0 },
    ]);
    expect(choice.changes(lines('a', 'b'))).toEqual([]);
    choice.show(new Set(['a']));
    expect(choice.changes(lines('a', 'b'))).toEqual([
      { mid: '0', substream: 0 },
      { mid: '1', substream: 1 },
    ]);
  });

  it('is told anew of a line that carries another feed', () => {
    const choice = choiceOf('a', 'b');
    choice.show(new Set(['a', 'b']));
    choice.changes(lines('a'));
    expect(choice.changes(lines('b'))).toEqual([{ mid: '0', substream: 0 }]);
    choice.changes(new Map());
    expect(choice.changes(lines('b'))).toEqual([{ mid: '0', substream: 0 }]);
  });

  it('is not told of a feed in one size', () => {
    const choice = choiceOf('a');
    choice.published('a', false);
    choice.show(new Set(['a', 'hall']));
    expect(choice.changes(lines('a', 'hall'))).toEqual([]);
  });
});
