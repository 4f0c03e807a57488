import { beforeEach, describe, expect, it } from 'vitest';
import { LayerChoice } from '../../../src/web/room/media/layer-choice.ts';
import { sendEncodings, sizesOf } from '../../../src/web/room/media/layers.ts';
import { pictureLimits } from '../../../src/web/room/network/picture-limits.ts';

describe('the sizes of a camera', () => {
  const offered = (codec: 'h264' | 'vp8') =>
    sendEncodings(pictureLimits('full', sizesOf(codec), 768_000));

  it('are two in H.264, the full one first, as the room server counts from the last', () => {
    expect(offered('h264')).toMatchObject([
      { rid: 'h', active: true, scaleResolutionDownBy: 1 },
      { rid: 'l', active: true, scaleResolutionDownBy: 2 },
    ]);
  });

  it('is one in VP8, without a name', () => {
    expect(offered('vp8')).toEqual([
      { active: true, scaleResolutionDownBy: 1, maxBitrate: 768_000 },
    ]);
  });
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

  describe('that does not come', () => {
    const FULL = [{ mid: '0', substream: 1 }];
    const SMALL = [{ mid: '0', substream: 0 }];
    let choice: LayerChoice;
    let packets: number;

    beforeEach(() => {
      packets = 10;
      choice = choiceOf('a');
      choice.show(new Set(['a']));
      choice.changes(lines('a'));
      look();
    });

    function look(newPackets = 0) {
      packets += newPackets;
      choice.came(new Map([['0', packets]]));
      return choice.changes(lines('a'));
    }

    it('is left for the full one after two looks', () => {
      expect(look()).toEqual([]);
      expect(look()).toEqual(FULL);
      expect([look(9), look(9), look(9)]).toEqual([[], [], []]);
    });

    it('is not left as long as anything of it comes', () => {
      expect([look(), look(1), look(), look(1)].flat()).toEqual([]);
    });

    it('is waited for where the full one does not come either, and left again only later', () => {
      expect([look(), look()].flat()).toEqual(FULL);
      expect([look(), look()].flat()).toEqual(SMALL);
      expect([look(), look(), look(), look()].flat()).toEqual([]);
      expect([look(5), look(), look()].flat()).toEqual(FULL);
    });

    it('is asked for anew when the camera is published anew, or was shown large meanwhile', () => {
      expect([look(), look()].flat()).toEqual(FULL);
      choice.published('a', true);
      expect(choice.changes(lines('a'))).toEqual(SMALL);
      expect([look(), look()].flat()).toEqual(FULL);
      choice.show(new Set());
      choice.show(new Set(['a']));
      expect(choice.changes(lines('a'))).toEqual(SMALL);
    });

    it('is nothing to a feed that is shown large', () => {
      choice.show(new Set());
      expect(choice.changes(lines('a'))).toEqual(FULL);
      expect([look(), look(), look()].flat()).toEqual([]);
    });
  });
});
