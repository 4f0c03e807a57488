import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SiteStatus } from '../../../../src/contract/admin-events.ts';
import { Live, type Socket } from '../../../../src/web/admin/lib/live.ts';

class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  /** Topics of each `watch`. */
  readonly asked: string[][] = [];
  isClosed = false;

  send(text: string): void {
    this.asked.push(JSON.parse(text).topics);
  }

  close(): void {
    this.isClosed = true;
  }

  says(update: object): void {
    this.onmessage?.({ data: JSON.stringify(update) });
  }
}

const site = (id: string, state: SiteStatus['state']): SiteStatus => ({
  ...{ id, state, poorLine: false, calls: [], endpoints: [] },
});

describe('the live connection', () => {
  let sockets: FakeSocket[];
  let delays: number[];
  let retry: () => void;
  let live: Live;
  const onSessionEnded = vi.fn();

  beforeEach(() => {
    sockets = [];
    delays = [];
    onSessionEnded.mockClear();
    live = new Live({
      open: () => {
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket;
      },
      later: (run, delayMs) => {
        delays.push(delayMs);
        retry = run;
        return () => {
          retry = () => undefined;
        };
      },
      onSessionEnded,
    });
  });

  const current = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('nothing was opened');
    return socket;
  };
  const connect = () => {
    live.start();
    current().onopen?.();
  };
  const state = (id: string) => live.store.get().sites.get(id)?.state;

  it('watches what is shown, each topic once, and no longer than it is shown', () => {
    connect();
    const first = live.watch('sites');
    const second = live.watch('sites');
    first();
    first();
    live.watch('meetings');
    second();
    expect(current().asked).toEqual([
      ['stored', 'jobs'],
      ['stored', 'jobs', 'sites'],
      ['stored', 'jobs', 'meetings', 'sites'],
      ['stored', 'jobs', 'meetings'],
    ]);
  });

  it('puts changes over what it knows, and begins anew with the whole', () => {
    connect();
    const [a, b] = [site('a', 'ready'), site('b', 'ready')];
    current().says({ type: 'sites', whole: true, sites: [a, b] });
    current().says({ type: 'sites', whole: false, sites: [site('a', 'in-call')] });
    expect([state('a'), state('b')]).toEqual(['in-call', 'ready']);
    current().says({ type: 'sites', whole: true, sites: [site('b', 'unreachable')] });
    expect([state('a'), state('b')]).toEqual([undefined, 'unreachable']);
  });

  it('comes back after a lost connection, later and later, and watches all of it again', () => {
    connect();
    live.watch('sites');
    current().onclose?.();
    expect(live.store.get().connection).toBe('lost');
    for (let times = 0; times < 6; times++) {
      retry();
      current().onclose?.();
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
    retry();
    current().onopen?.();
    expect(live.store.get().connection).toBe('open');
    expect(current().asked).toEqual([['stored', 'jobs', 'sites']]);
  });

  it('has everything asked again that may have changed while it was away', () => {
    connect();
    const heard: unknown[] = [];
    live.onStored(stored => heard.push(stored?.entity));
    current().says({ type: 'stored', entity: 'site', id: 's1' });
    current().onclose?.();
    retry();
    current().onopen?.();
    expect(heard).toEqual(['site', undefined]);
  });

  it('tells that the session is over, and stays closed when stopped', () => {
    connect();
    current().says({ type: 'ended', reason: 'not-authorized' });
    expect(onSessionEnded).toHaveBeenCalledOnce();
    live.stop();
    expect(current().isClosed).toBe(true);
    expect(delays).toEqual([]);
    expect(live.store.get().sites.size).toBe(0);
  });

  it('passes over what a newer gateway says', () => {
    connect();
    current().says({ type: 'weather', text: 'rain' });
    expect(live.store.get().connection).toBe('open');
  });
});
