import { describe, expect, it } from 'vitest';
import { Pictures } from '../../../src/web/room/media/pictures.ts';

describe('pictures of a subscription', () => {
  function room() {
    const tracks = new Map<string, MediaStreamTrack>();
    const told: [string, string | undefined][] = [];
    const pictures = new Pictures({
      trackOf: mid => tracks.get(mid),
      onPicture: (feed, track) => told.push([feed, track?.id]),
    });
    const receive = (mid: string, id: string) =>
      tracks.set(mid, { id } as unknown as MediaStreamTrack);
    return { pictures, told, receive };
  }

  it('are told once, when they are wanted and come', () => {
    const { pictures, told, receive } = room();
    pictures.want('a');
    pictures.learn([
      { mid: '0', feed_id: 'a' },
      { mid: '1', feed_id: 'b' },
    ]);
    pictures.tell();
    expect(told).toEqual([]);
    receive('0', 'track 0');
    receive('1', 'track 1');
    pictures.tell();
    pictures.tell();
    expect(told).toEqual([['a', 'track 0']]);
  });

  it('an m-line that carries another feed without a pause is told again', () => {
    const { pictures, told, receive } = room();
    receive('0', 'track 0');
    pictures.want('a');
    pictures.learn([{ mid: '0', feed_id: 'a' }]);
    pictures.tell();
    pictures.drop('a');
    pictures.want('b');
    pictures.learn([{ mid: '0', feed_id: 'b' }]);
    pictures.tell();
    expect(told).toEqual([
      ['a', 'track 0'],
      ['a', undefined],
      ['b', 'track 0'],
    ]);
  });

  it('a feed that goes and comes again on the same m-line is told again', () => {
    const { pictures, told, receive } = room();
    receive('0', 'track 0');
    pictures.learn([{ mid: '0', feed_id: 'a' }]);
    for (let time = 0; time < 2; time += 1) {
      pictures.want('a');
      pictures.tell();
      pictures.drop('a');
    }
    expect(told.map(([, track]) => track)).toEqual(['track 0', undefined, 'track 0', undefined]);
  });

  it('a feed that moves to another m-line is told with what comes there', () => {
    const { pictures, told, receive } = room();
    receive('0', 'track 0');
    receive('1', 'track 1');
    pictures.want('a');
    pictures.learn([{ mid: '0', feed_id: 'a' }]);
    pictures.tell();
    pictures.learn([
      { mid: '0', active: false },
      { mid: '1', feed_id: 'a' },
    ]);
    pictures.tell();
    expect(told).toEqual([
      ['a', 'track 0'],
      ['a', 'track 1'],
    ]);
    expect([...pictures.feedByMid]).toEqual([['1', 'a']]);
  });
});
