import { describe, expect, it } from 'vitest';
import { composedFeedId, contentFeedId, sharerOf } from '../../../src/contract/feeds.ts';
import { arrange } from '../../../src/web/room/arrange.ts';
import { roomCodecs } from '../../../src/web/room/media/codecs.ts';
import { judgeFeed } from '../../../src/web/room/media/feeds.ts';
import { initialState } from '../../../src/web/room/state.ts';
import { person } from './people.ts';

const chromium = { id: 'me', decodes: ['h264', 'vp8'] as const };
const firefox = { id: 'me', decodes: ['vp8'] as const };
const feed = (id: string, codec: string) => ({ id, streams: [{ type: 'video', mid: '0', codec }] });
const COMPOSED = composedFeedId('c1');

describe('the codecs of a browser', () => {
  const listed = (...mimeTypes: string[]) => ({
    codecs: mimeTypes.map(mimeType => ({ mimeType })),
  });
  it.each([
    ['Chromium', listed('video/VP8', 'video/rtx', 'video/H264', 'video/AV1'), ['h264', 'vp8']],
    ['Firefox in a closed network', listed('video/VP8', 'video/VP9'), ['vp8']],
    ['one that lists nothing', undefined, ['h264', 'vp8']],
    ['one that knows none', null, ['h264', 'vp8']],
  ])('of %s', (_, capabilities, codecs) => expect(roomCodecs(capabilities)).toEqual(codecs));
});

describe('a feed', () => {
  it.each([
    [
      'a hall, in Chromium',
      feed('hall', 'h264'),
      chromium,
      { kind: 'shown', mid: '0', isLayered: false },
    ],
    ['a hall, in Firefox', feed('hall', 'h264'), firefox, { kind: 'undecodable' }],
    [
      'a camera in VP8, in Firefox',
      feed('p2', 'vp8'),
      firefox,
      { kind: 'shown', mid: '0', isLayered: false },
    ],
    [
      'a camera in VP8, in Chromium',
      feed('p2', 'VP8'),
      chromium,
      { kind: 'shown', mid: '0', isLayered: false },
    ],
    ['the composed picture, in Chromium', feed(COMPOSED, 'vp8'), chromium, { kind: 'ignored' }],
    [
      'the composed picture, in Firefox',
      feed(COMPOSED, 'vp8'),
      firefox,
      { kind: 'shown', mid: '0', isLayered: false },
    ],
    [
      'another’s screen',
      feed('p2-content', 'h264'),
      chromium,
      { kind: 'shown', mid: '0', isLayered: false },
    ],
    [
      'a camera in two sizes',
      { id: 'p2', streams: [{ type: 'video', mid: '0', codec: 'h264', simulcast: true }] },
      chromium,
      { kind: 'shown', mid: '0', isLayered: true },
    ],
    ['our own screen', feed(contentFeedId('me'), 'h264'), chromium, { kind: 'ignored' }],
    ['somebody without a picture', { id: 'p2' }, chromium, { kind: 'none' }],
    [
      'a camera that was disabled',
      { id: 'p2', streams: [{ type: 'video', mid: '0', disabled: true }] },
      chromium,
      { kind: 'none' },
    ],
  ] as const)('of %s', (_, publisher, self, verdict) =>
    expect(judgeFeed(publisher, self)).toEqual(verdict),
  );

  it('of a screen names its sharer, any other nobody', () => {
    expect([contentFeedId('p2'), COMPOSED, 'p2'].map(sharerOf)).toEqual([
      'p2',
      undefined,
      undefined,
    ]);
  });
});

describe('what is on the page', () => {
  const someone = (id: string, sharing = false) => ({ ...person(id), name: `name ${id}`, sharing });
  const stream = (id: string) => ({ id }) as MediaStream;
  const room = {
    ...initialState,
    selfId: 'me',
    participants: [someone('me'), someone('lan', true), someone('hall')],
    streams: new Map<string, MediaStream>(),
    undecodable: new Set<string>(),
  };

  it('somebody’s screen is large, with their name', () => {
    const screen = stream('screen');
    const streams = new Map([[contentFeedId('lan'), screen]]);
    expect(arrange({ ...room, streams }).content).toEqual({
      sharer: room.participants[1],
      stream: screen,
    });
  });

  it('a screen whose picture is not there yet, or our own, is not', () => {
    expect(arrange(room).content).toBeUndefined();
    const participants = [someone('me', true)];
    const streams = new Map([[contentFeedId('me'), stream('own')]]);
    expect(arrange({ ...room, participants, streams }).content).toBeUndefined();
  });

  it('who cannot be decoded is named, until the composed picture shows them', () => {
    const undecodable = new Set(['hall', contentFeedId('lan')]);
    expect(arrange({ ...room, undecodable }).unseen).toEqual(['name lan', 'name hall']);
    const streams = new Map([[COMPOSED, stream('all')]]);
    expect(arrange({ ...room, undecodable, streams })).toMatchObject({
      composed: { id: 'all' },
      unseen: [],
    });
  });
});
