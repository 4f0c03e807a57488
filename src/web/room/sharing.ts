/**
 * Sharing this computer's screen, from the click to the end of it: by the
 * button, by the browser's own bar, or with the visit. Knows no React.
 */
import type { ContentFloorView } from '../../contract/content-floor.ts';
import { TakenError } from './api.ts';
import type { SharedScreen } from './media/screen.ts';
import { type RoomStore, sharerAmong } from './state.ts';

/** What publishes a screen, its sound too, as long as one connection to the gateway lasts. */
export interface ScreenPublisher {
  /** Asks for the right to share. @throws TakenError while somebody else has it */
  ask(): Promise<void>;
  /** Publishes; resolves with what ends it. */
  publish(screen: SharedScreen, onFailed: () => void): Promise<() => Promise<void>>;
  /** Gives the right back; never rejects. */
  release(): Promise<void>;
}

export class Sharing {
  readonly #store: RoomStore;
  readonly #choose: () => Promise<SharedScreen | undefined>;
  #publisher: ScreenPublisher | undefined;
  #screen: SharedScreen | undefined;
  #unpublish: (() => Promise<void>) | undefined;
  /** The last end, which the next start waits for. */
  #ending: Promise<void> = Promise.resolve();

  /** @param choose lets the person choose a screen; undefined when they chose none */
  constructor(store: RoomStore, choose: () => Promise<SharedScreen | undefined>) {
    this.#store = store;
    this.#choose = choose;
  }

  /** The gateway is reached, or reached again: what was shared is shared on. */
  connected(publisher: ScreenPublisher): void {
    this.#publisher = publisher;
    if (this.#screen) void this.#publish(this.#screen);
  }

  /** The connection is gone, and the feed with it. */
  disconnected(): void {
    this.#store.set({ contentFloor: undefined });
    this.#publisher = undefined;
    this.#unpublish = undefined;
    this.#ending = Promise.resolve();
  }

  /** Has to be called by a click: the browser asks what to share. */
  async start(): Promise<void> {
    if (this.#store.get().sharing.name !== 'off') return;
    const sharer = this.#otherSharer();
    if (sharer) return this.#taken(sharer.name);
    this.#store.set({ sharing: { name: 'starting' } });
    try {
      const screen = await this.#choose();
      if (!screen) return this.#store.set({ sharing: { name: 'off' } });
      this.#screen = screen;
      screen.picture.addEventListener('ended', () => this.#end(screen), { once: true });
      await this.#ending;
      await this.#publish(screen);
    } catch {
      this.#store.set({ sharing: { name: 'off', problem: 'failed' } });
    }
  }

  stop(): void {
    if (this.#screen) this.#end(this.#screen);
  }

  /** How it stands with the right to share; whom a chair has stopped stops here too. */
  onFloor(floor: ContentFloorView): void {
    const before = this.#store.get().contentFloor?.revoked ?? 0;
    this.#store.set({ contentFloor: floor });
    const screen = this.#screen;
    if (floor.revoked <= before || !screen) return;
    this.#end(screen, () => this.#store.set({ sharing: { name: 'off', problem: 'revoked' } }));
  }

  /** For good: the visit is over. */
  close(): void {
    stopTracks(this.#screen);
    this.#screen = undefined;
    this.#store.set({ sharing: { name: 'off' } });
    this.disconnected();
  }

  async #publish(screen: SharedScreen): Promise<void> {
    const publisher = this.#publisher;
    const isCurrent = () => this.#screen === screen && this.#publisher === publisher;
    if (!publisher || !isCurrent()) return;
    try {
      await publisher.ask();
      const unpublish = await publisher.publish(screen, () => this.#fail(screen));
      if (!isCurrent()) return await unpublish();
      this.#unpublish = unpublish;
      this.#store.set({ sharing: { name: 'on', screen } });
    } catch (err) {
      if (!isCurrent()) return; // stopped, or tried again over the next connection
      if (err instanceof TakenError) this.#end(screen, () => this.#taken(err.sharer));
      else this.#fail(screen);
    }
  }

  #fail(screen: SharedScreen): void {
    this.#end(screen, () => this.#store.set({ sharing: { name: 'off', problem: 'failed' } }));
  }

  #end(screen: SharedScreen, tell = () => this.#store.set({ sharing: { name: 'off' } })): void {
    if (this.#screen !== screen) return;
    stopTracks(screen);
    this.#screen = undefined;
    const unpublish = this.#unpublish;
    this.#unpublish = undefined;
    this.#ending = this.#giveBack(unpublish);
    tell();
  }

  /** Who has the right to share is told before the roster is. */
  #otherSharer(): { readonly name: string } | undefined {
    const { participants, selfId, contentFloor } = this.#store.get();
    if (!contentFloor) return sharerAmong(participants, selfId);
    const { holder } = contentFloor;
    return holder?.participantId === selfId ? undefined : holder;
  }

  async #giveBack(unpublish: (() => Promise<void>) | undefined): Promise<void> {
    const publisher = this.#publisher;
    await unpublish?.().catch(() => undefined); // gone with its connection
    await publisher?.release();
  }

  #taken(by: string): void {
    this.#store.set({ sharing: { name: 'off', problem: 'taken', by } });
  }
}

function stopTracks(screen: SharedScreen | undefined): void {
  screen?.picture.stop();
  screen?.sound?.stop();
}
