/** Tells what of the meeting is on the page: nothing while the tab is hidden. Knows no React. */
import { feedsOnPage, smallFeeds } from './arrange.ts';
import type { RoomStore } from './state.ts';

/** A glance at another tab costs no new pictures. */
const HIDDEN_AFTER_MS = 5_000;
const NOTHING: ReadonlySet<string> = new Set();

/** The part of `document` that is needed. */
export interface PageVisibility {
  readonly hidden: boolean;
  addEventListener(name: 'visibilitychange', listener: () => void): void;
  removeEventListener(name: 'visibilitychange', listener: () => void): void;
}

/** Calls back with the feeds on the page and those of them that are small, now and when they change; returns its own undo. */
export function watchFeedsOnPage(
  store: RoomStore,
  page: PageVisibility,
  onChange: (feeds: ReadonlySet<string>, small: ReadonlySet<string>) => void,
): () => void {
  let told: readonly [ReadonlySet<string>, ReadonlySet<string>] | undefined;
  let isHidden = page.hidden;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    const feeds = isHidden ? NOTHING : feedsOnPage(store.get());
    const small = isHidden ? NOTHING : smallFeeds(store.get());
    if (told && sameSet(told[0], feeds) && sameSet(told[1], small)) return;
    told = [feeds, small];
    onChange(feeds, small);
  };
  const setHidden = (hidden: boolean) => {
    isHidden = hidden;
    tell();
  };
  const onVisibility = () => {
    clearTimeout(timer);
    if (!page.hidden) return setHidden(false);
    timer = setTimeout(() => setHidden(true), HIDDEN_AFTER_MS);
  };
  page.addEventListener('visibilitychange', onVisibility);
  const unwatch = store.subscribe(tell);
  tell();
  return () => {
    clearTimeout(timer);
    page.removeEventListener('visibilitychange', onVisibility);
    unwatch();
  };
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every(one => b.has(one));
}
