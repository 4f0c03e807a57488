import { beforeEach, describe, expect, it } from 'vitest';
import type { ContentFloorView } from '../../../src/contract/content-floor.ts';
import { TakenError } from '../../../src/web/room/api.ts';
import type { SharedScreen } from '../../../src/web/room/media/screen.ts';
import { type ScreenPublisher, Sharing } from '../../../src/web/room/sharing.ts';
import { sharingNews } from '../../../src/web/room/sharing-news.ts';
import { createRoomStore, type RoomStore, type SharingState } from '../../../src/web/room/state.ts';
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

type FakeShare = { picture: FakeScreen; sound: FakeScreen };

/** A connection to a gateway, and what it holds. */
class FakePublisher implements ScreenPublisher {
  readonly published = new Set<SharedScreen>();
  /** Everything asked of it, in order. */
  readonly log: string[] = [];
  takenBy: string | undefined;
  problem: Error | undefined;
  onFailed: () => void = () => undefined;

  async ask(): Promise<void> {
    this.log.push('ask');
    if (this.takenBy) throw new TakenError(this.takenBy);
  }

  async publish(screen: SharedScreen, onFailed: () => void): Promise<() => Promise<void>> {
    this.log.push('publish');
    if (this.problem) throw this.problem;
    this.onFailed = onFailed;
    this.published.add(screen);
    return async () => {
      await Promise.resolve();
      this.log.push('unpublish');
      this.published.delete(screen);
    };
  }

  async release(): Promise<void> {
    this.log.push('release');
  }
}

describe('sharing a screen from the page', () => {
  let store: RoomStore;
  let publisher: FakePublisher;
  let screens: FakeShare[];
  let choose: () => Promise<SharedScreen | undefined>;
  let sharing: Sharing;

  beforeEach(() => {
    store = createRoomStore();
    publisher = new FakePublisher();
    screens = [];
    choose = async () => {
      const screen = { picture: new FakeScreen(), sound: new FakeScreen() };
      screens.push(screen);
      return screen as unknown as SharedScreen;
    };
    sharing = new Sharing(store, () => choose());
    sharing.connected(publisher);
  });

  const settled = () => new Promise(resolve => setTimeout(resolve));
  const state = () => store.get().sharing;
  const isLive = () => screens.some(({ picture, sound }) => picture.isLive || sound.isLive);
  const someoneShares = () => {
    const lan = { ...person('lan'), name: 'Lan', sharing: true };
    store.set({ selfId: 'me', participants: [lan] });
  };

  it('asks, publishes and says so', async () => {
    await sharing.start();
    expect(publisher.log).toEqual(['ask', 'publish']);
    expect([state().name, publisher.published.size]).toEqual(['on', 1]);
  });

  it('that was thought better of asks nobody', async () => {
    choose = async () => undefined;
    await sharing.start();
    expect([state(), publisher.log]).toEqual([{ name: 'off' }, []]);
  });

  it.each([
    ['the button', () => sharing.stop()],
    ['the browser’s own bar', () => screens[0]?.picture.endByBrowser()],
  ])('ends by %s, and gives the right back after the feed', async (_, end) => {
    await sharing.start();
    end();
    await settled();
    expect(publisher.log).toEqual(['ask', 'publish', 'unpublish', 'release']);
    expect([state(), isLive()]).toEqual([{ name: 'off' }, false]);
  });

  it('ended and begun again waits for the end', async () => {
    await sharing.start();
    sharing.stop();
    await sharing.start();
    expect(publisher.log).toEqual(['ask', 'publish', 'unpublish', 'release', 'ask', 'publish']);
    expect([state().name, publisher.published.size]).toEqual(['on', 1]);
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
    expect(isLive()).toBe(false);
  });

  it('that the room server does not take fails in words, and gives the right back', async () => {
    publisher.problem = new Error('refused');
    await sharing.start();
    await settled();
    expect(state()).toEqual({ name: 'off', problem: 'failed' });
    expect([isLive(), publisher.log]).toEqual([false, ['ask', 'publish', 'release']]);
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
    expect([state().name, next.log, isLive()]).toEqual(['on', ['ask', 'publish'], true]);
  });

  const floor = { requests: [], request: 'none', revoked: 0 } as const;
  const floorIs = (change: Partial<ContentFloorView>) =>
    sharing.onFloor({ ...floor, requests: [], ...change });

  it('that a chair has stopped ends, and says so', async () => {
    floorIs({});
    await sharing.start();
    floorIs({ revoked: 1 });
    await settled();
    expect(publisher.log).toEqual(['ask', 'publish', 'unpublish', 'release']);
    expect([state(), isLive()]).toEqual([{ name: 'off', problem: 'revoked' }, false]);
  });

  it('begins once it is granted, though the roster still names another', async () => {
    someoneShares();
    const holder = { participantId: 'me', name: 'Me' };
    floorIs({ holder, request: 'granted' });
    await sharing.start();
    expect(state().name).toBe('on');
  });

  it('is over with the visit', async () => {
    await sharing.start();
    sharing.close();
    expect(isLive()).toBe(false);
  });
});

describe('what is said of sharing a screen', () => {
  const LAN = { participantId: 'lan', name: 'Lan' };
  const MINH = { participantId: 'minh', name: 'Minh' };
  const OFF = { name: 'off' } as const;
  const TAKEN = { name: 'off', problem: 'taken', by: 'Lan' } as const;
  const SHOWN = { name: 'on', screen: {} as SharedScreen } as const;
  const HEARD = { name: 'on', screen: { sound: {} } as SharedScreen } as const;
  const floorOf = (change: Partial<ContentFloorView>): ContentFloorView => ({
    ...{ requests: [], request: 'none', revoked: 0 },
    ...change,
  });

  it.each<[string, SharingState, ContentFloorView | undefined, string | undefined]>([
    ['nothing, where nobody does', OFF, floorOf({}), undefined],
    ['nothing, where somebody else does', OFF, floorOf({ holder: LAN }), undefined],
    ['that the others see it', SHOWN, floorOf({ holder: MINH }), 'now'],
    ['that they hear it too', HEARD, floorOf({ holder: MINH }), 'nowWithSound'],
    ['who wants to', SHOWN, floorOf({ holder: MINH, requests: [LAN] }), 'wants Lan'],
    ['who does already', TAKEN, floorOf({ holder: LAN }), 'taken Lan'],
    ['nothing, when that one has stopped', TAKEN, floorOf({}), undefined],
    ['who was asked', TAKEN, floorOf({ holder: LAN, request: 'requested' }), 'asked Lan'],
    ['who shares on', TAKEN, floorOf({ holder: LAN, request: 'denied' }), 'denied Lan'],
    ['that one may now', TAKEN, floorOf({ holder: MINH, request: 'granted' }), 'granted'],
    ['that a chair stopped it', { ...OFF, problem: 'revoked' }, floorOf({}), 'revoked'],
    ['that it failed', { ...OFF, problem: 'failed' }, undefined, 'failed'],
  ])('is %s', (_, state, contentFloor, said) => {
    const news = sharingNews({ sharing: state, contentFloor, selfId: 'minh' });
    expect(news && `${news.name} ${news.person}`.trim()).toBe(said);
  });
});
