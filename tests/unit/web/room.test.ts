import { describe, expect, it } from 'vitest';
import {
  type SubscriptionChange,
  Subscriptions,
} from '../../../src/web/room/media/subscriptions.ts';
import { rosterChange } from '../../../src/web/room/state.ts';
import { en } from '../../../src/web/shared/locales/en.ts';
import { vi as vietnamese } from '../../../src/web/shared/locales/vi.ts';
import { Store } from '../../../src/web/shared/store.ts';

function keysOf(words: object, path = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'object' ? keysOf(value, `${path}${key}.`) : `${path}${key}`,
  );
}

describe('words', () => {
  it('both languages have the same keys, and none is empty', () => {
    expect(keysOf(en)).toEqual(keysOf(vietnamese));
    expect(JSON.stringify([en, vietnamese])).not.toContain('""');
  });

  it('both languages fill in the same values', () => {
    const holes = (words: object) =>
      [...JSON.stringify(words).matchAll(/\{\{\w+\}\}/g)].map(String);
    expect(holes(en).sort()).toEqual(holes(vietnamese).sort());
  });
});

describe('subscriptions', () => {
  function slowRoom() {
    const changes: SubscriptionChange[] = [];
    let finish: (isTaken: boolean) => void = () => undefined;
    const errors: unknown[] = [];
    const subscriptions = new Subscriptions(
      change => {
        changes.push(change);
        return new Promise(resolve => {
          finish = resolve;
        });
      },
      err => errors.push(err),
    );
    const next = async (isTaken = true) => {
      finish(isTaken);
      await new Promise(resolve => setTimeout(resolve));
    };
    return { subscriptions, changes, next, errors };
  }
  const stream = (feed: string, mid = '0') => ({ feed, mid });

  it('one negotiation at a time; the next makes up for all that changed meanwhile', async () => {
    const { subscriptions, changes, next } = slowRoom();
    subscriptions.want(stream('a'));
    await next();
    subscriptions.want(stream('b'));
    subscriptions.want(stream('c'));
    subscriptions.want(stream('d'));
    subscriptions.drop('c');
    await next();
    const subscribe = [stream('b'), stream('d')];
    expect(changes).toEqual([
      { subscribe: [stream('a')], unsubscribe: [] },
      { subscribe, unsubscribe: [] },
    ]);
  });

  it('who leaves while being subscribed to is unsubscribed afterwards', async () => {
    const { subscriptions, changes, next } = slowRoom();
    subscriptions.want(stream('a'));
    await next();
    subscriptions.drop('a');
    await next();
    expect(changes[1]).toEqual({ subscribe: [], unsubscribe: [stream('a')] });
  });

  it('a camera published anew on another line replaces the old', async () => {
    const { subscriptions, changes, next } = slowRoom();
    subscriptions.want(stream('a', '0'));
    await next();
    subscriptions.want(stream('a', '1'));
    await next();
    await next();
    expect(changes.slice(1)).toEqual([
      { subscribe: [], unsubscribe: [stream('a', '0')] },
      { subscribe: [stream('a', '1')], unsubscribe: [] },
    ]);
  });

  it('a feed that went and came again meanwhile is subscribed to anew', async () => {
    const { subscriptions, changes, next } = slowRoom();
    subscriptions.want(stream('a'));
    await next();
    subscriptions.want(stream('b'));
    await next();
    subscriptions.drop('a');
    subscriptions.want(stream('a'));
    await next();
    await next();
    expect(changes.slice(2)).toEqual([
      { subscribe: [], unsubscribe: [stream('a')] },
      { subscribe: [stream('a')], unsubscribe: [] },
    ]);
  });

  it('a feed that is told again, as it was, changes nothing', async () => {
    const { subscriptions, changes, next } = slowRoom();
    subscriptions.want(stream('a'));
    await next();
    subscriptions.want(stream('a'));
    await next();
    expect(changes).toHaveLength(1);
  });

  it('a change that is refused for one feed is asked for feed by feed', async () => {
    const { subscriptions, changes, next } = slowRoom();
    subscriptions.want(stream('a'));
    await next();
    subscriptions.drop('a');
    subscriptions.want(stream('b'));
    subscriptions.want(stream('c'));
    await next();
    await next(false);
    await next();
    await next(false);
    await next();
    const [b, c] = [stream('b'), stream('c')];
    expect(changes.slice(1)).toEqual([
      { subscribe: [b, c], unsubscribe: [stream('a')] },
      { subscribe: [], unsubscribe: [stream('a')] },
      { subscribe: [b], unsubscribe: [] },
      { subscribe: [c], unsubscribe: [] },
    ]);
  });

  it('a negotiation that fails is told', async () => {
    const errors: unknown[] = [];
    const subscriptions = new Subscriptions(
      () => Promise.reject(new Error('refused')),
      err => errors.push(err),
    );
    subscriptions.want(stream('a'));
    await new Promise(resolve => setTimeout(resolve));
    expect(errors).toHaveLength(1);
  });
});

describe('the store', () => {
  it('tells who watches, until they stop', () => {
    const store = new Store({ count: 0 });
    const seen: number[] = [];
    const stop = store.subscribe(() => seen.push(store.get().count));
    store.set({ count: 1 });
    stop();
    store.set({ count: 2 });
    expect(seen).toEqual([1]);
  });
});

describe('roster changes', () => {
  const person = (id: string) => ({
    id,
    name: `name ${id}`,
    kind: 'browser' as const,
    joinedAtMs: 0,
    hasAudio: true,
    hasVideo: true,
    muted: false,
    speaking: false,
    poorLine: false,
    alarms: [],
    sharing: false,
    chair: false,
    handRaised: false,
    away: false,
  });

  it('names who came and who went', () => {
    const change = rosterChange([person('a'), person('b')], [person('b'), person('c')]);
    expect(change).toEqual({ joined: ['name c'], left: ['name a'] });
  });
});
