import { beforeEach, describe, expect, it } from 'vitest';
import { TakenError } from '../../../src/web/room/api.ts';
import { type ScreenPublisher, Sharing } from '../../../src/web/room/sharing.ts';
import { createRoomStore, type RoomStore } from '../../../src/web/room/state.ts';
import { person } from './people.ts';

/** A track that can be ended from outside, as the browser's own bar does. */
class FakeScreen extends EventTarget {
  isLive = true;

  stop(): void {
    this.isLive = false;
  }

  endByBrowser(): void {
    this.isLive = false;
    this.dispatchEvent(new Event('ended'));
  }
}

/** A connection to a gateway, and what it holds. */
class FakePublisher implements ScreenPublisher {
  readonly published = new Set<MediaStreamTrack>();
  /** Everything asked of it, in order. */
  readonly log: string[] = [];
  takenBy: string | undefined;
  problem: Error | undefined;
  onFailed: () => void = () => undefined;

  async ask(): Promise<void> {
    this.log.push('ask');
    if (this.takenBy) throw new TakenError(this.takenBy);
  }

  async publish(track: MediaStreamTrack, onFailed: () => void): Promise<() => Promise<void>> {
    this.log.push('publish');
    if (this.problem) throw this.problem;
    this.onFailed = onFailed;
    this.published.add(track);
    return async () => {
      await Promise.resolve();
      this.log.push('unpublish');
      this.published.delete(track);
    };
  }

  async release(): Promise<void> {
    this.log.push('release');
  }
}

describe('sharing a screen from the page', () => {
  let store: RoomStore;
  let publisher: FakePublisher;
  let screens: FakeScreen[];
  let choose: () => Promise<MediaStreamTrack | undefined>;
  let sharing: Sharing;

  beforeEach(() => {
    store = createRoomStore();
    publisher = new FakePublisher();
    screens = [];
    choose = async () => {
      const screen = new FakeScreen();
      screens.push(screen);
      return screen as unknown as MediaStreamTrack;
    };
    sharing = new Sharing(store, () => choose());
    sharing.connected(publisher);
  });

  const settled = () => new Promise(resolve => setTimeout(resolve));
  const state = () => store.get().sharing;
  const someoneShares = () => {
    const lan = { ...person('lan'), name: 'Lan', sharing: true };
    store.set({ selfId: 'me', participants: [lan] });
  };

  it('asks, publishes and says so', async () => {
    await sharing.start();
    expect(publisher.log).toEqual(['ask', 'publish']);
    expect([state(), publisher.published.size]).toEqual([{ name: 'on' }, 1]);
  });

  it('that was thought better of asks nobody', async () => {
    choose = async () => undefined;
    await sharing.start();
    expect([state(), publisher.log]).toEqual([{ name: 'off' }, []]);
  });

  it.each([
    ['the button', () => sharing.stop()],
    ['the browser’s own bar', () => screens[0]?.endByBrowser()],
  ])('ends by %s, and gives the right back after the feed', async (_, end) => {
    await sharing.start();
    end();
    await settled();
    expect(publisher.log).toEqual(['ask', 'publish', 'unpublish', 'release']);
    expect([state(), screens[0]?.isLive]).toEqual([{ name: 'off' }, false]);
  });

  it('ended and begun again waits for the end', async () => {
    await sharing.start();
    sharing.stop();
    await sharing.start();
    expect(publisher.log).toEqual(['ask', 'publish', 'unpublish', 'release', 'ask', 'publish']);
    expect([state(), publisher.published.size]).toEqual([{ name: 'on' }, 1]);
  });

  it('while somebody else does is not even chosen', async () => {
    someoneShares();
    await sharing.start();
    expect(state()).toEqual({ name: 'off', problem: 'taken', by: 'Lan' });
    expect(screens).toEqual([]);
  });

  it('when somebody was quicker says who, and lets the screen go', async () => {
    publisher.takenBy = 'Lan';
    await sharing.start();
    expect(state()).toEqual({ name: 'off', problem: 'taken', by: 'Lan' });
    expect(screens[0]?.isLive).toBe(false);
  });

  it('that the room server does not take fails in words, and gives the right back', async () => {
    publisher.problem = new Error('refused');
    await sharing.start();
    await settled();
    expect(state()).toEqual({ name: 'off', problem: 'failed' });
    expect([screens[0]?.isLive, publisher.log]).toEqual([false, ['ask', 'publish', 'release']]);
  });

  it('whose media breaks ends in words', async () => {
    await sharing.start();
    publisher.onFailed();
    await settled();
    expect([state(), publisher.published.size]).toEqual([{ name: 'off', problem: 'failed' }, 0]);
  });

  it('stopped while it is being published leaves nothing', async () => {
    const starting = sharing.start();
    await Promise.resolve();
    await Promise.resolve();
    sharing.stop();
    await starting;
    await settled();
    expect([state().name, publisher.published.size]).toEqual(['off', 0]);
  });

  it('goes on over a new connection', async () => {
    await sharing.start();
    sharing.disconnected();
    const next = new FakePublisher();
    sharing.connected(next);
    await settled();
    expect([state(), next.log, screens[0]?.isLive]).toEqual([
      { name: 'on' },
      ['ask', 'publish'],
      true,
    ]);
  });

  it('is over with the visit', async () => {
    await sharing.start();
    sharing.close();
    expect(screens[0]?.isLive).toBe(false);
  });
});
