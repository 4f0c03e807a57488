import { arrange } from '../../../../src/stage/layout/arrangement.ts';
import type {
  Arrangement,
  Person,
  PictureFacts,
  SceneFacts,
  View,
} from '../../../../src/stage/layout/types.ts';
import { viewFor } from '../../../../src/stage/layout/view.ts';

export function hall(id: string): Person {
  return { id, name: `Hall ${id}`, kind: 'site', muted: false, handRaised: false };
}

export function browser(id: string): Person {
  return { id, name: `Browser ${id}`, kind: 'browser', muted: false, handRaised: false };
}

export interface Scene {
  /** Halls with a picture, as letters or words: `a b c`. */
  readonly halls?: string;
  readonly darkHalls?: string;
  readonly browsers?: string;
  readonly darkBrowsers?: string;
  readonly slides?: string;
  readonly speakers?: string;
}

/** Facts of a scene written as words; halls come before browsers. */
export function facts(scene: Scene, over: Partial<SceneFacts> = {}): SceneFacts {
  const live = [...words(scene.halls), ...words(scene.browsers)];
  const slides = words(scene.slides);
  const people = [
    ...[...words(scene.halls), ...words(scene.darkHalls)].map(hall),
    ...[...words(scene.browsers), ...words(scene.darkBrowsers)].map(browser),
  ];
  return {
    title: 'Weekly meeting',
    people,
    pictures: new Map<string, PictureFacts>([
      ...live.map(id => [id, { isLive: true, content: false }] as const),
      ...slides.map(id => [id, { isLive: true, content: true, name: 'Slides' }] as const),
    ]),
    speakerIds: words(scene.speakers),
    poorIds: new Set(),
    layout: 'auto',
    ...over,
  };
}

/** What a receiver sees of a scene that was not seen before. */
export function seen(receiverId: string, scene: SceneFacts, before?: Arrangement): View {
  return viewFor(receiverId, scene, arrange(scene, 0, before));
}

/**
 * A view in one line: `full a`, or the layout and who is in each slot, `-` where nobody is:
 * `speaker a | b c -`.
 */
export function text(view: View): string {
  if (view.kind === 'slate') return 'slate';
  if (view.kind === 'full') return `full ${view.participantId}`;
  const places = Array.from({ length: view.slotCount }, (_, slot) => {
    return view.tiles.find(tile => tile.slot === slot)?.participantId ?? '-';
  });
  return `${view.layout} ${places.join(' ')}`;
}

export function words(said = ''): string[] {
  return said.split(' ').filter(word => word !== '');
}

/** Numbers from 0 to 1 that are the same in each run; mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
