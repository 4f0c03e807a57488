/**
 * Sharing this computer's screen, from the click to the end of it: by the
 * button, by the browser's own bar, or with the visit. Knows no React.
 */
import { TakenError } from './api.ts';
import { type RoomStore, sharerAmong } from './state.ts';

/** What publishes the screen, as long as one connection to the gateway lasts. */
export interface ScreenPublisher {
  /** Asks for the right to share. @throws TakenError while somebody else has it */
  ask(): Promise<void>;
  /** Publishes; resolves with what ends it. */
  publish(track: MediaStreamTrack, onFailed: () => void): Promise<() => Promise<void>>;
  /** Gives the right back; never rejects. */
  release(): Promise<void>;
}

export class Sharing {
  readonly #store: RoomStore;
  readonly #choose: () => Promise<MediaStreamTrack | undefined>;
  #publisher: ScreenPublisher | undefined;
  #track: MediaStreamTrack | undefined;
  #unpublish: (() => Promise<void>) | undefined;
  /** The last end, which the next start waits for. */
  #ending: Promise<void> = Promise.resolve();

  /** @param choose lets the person choose a screen; undefined when they chose none */
  constructor(store: RoomStore, choose: () => Promise<MediaStreamTrack | undefined>) {
    this.#store = store;
    this.#choose = choose;
  }

  /** The gateway is reached, or reached again: what was shared is shared on. */
  connected(publisher: ScreenPublisher): void {
    this.#publisher = publisher;
    if (this.#track) void this.#publish(this.#track);
  }

  /** The connection is gone, and the feed with it. */
  disconnected(): void {
    this.#publisher = undefined;
    this.#unpublish = undefined;
    this.#ending = Promise.resolve();
  }

  /** Has to be called by a click: the browser asks what to share. */
  async start(): Promise<void> {
    const { participants, selfId, sharing } = this.#store.get();
    if (sharing.name !== 'off') return;
    const sharer = sharerAmong(participants, selfId);
    if (sharer) return this.#taken(sharer.name);
    this.#store.set({ sharing: { name: 'starting' } });
    try {
      const track = await this.#choose();
      if (!track) return this.#store.set({ sharing: { name: 'off' } });
      this.#track = track;
      track.addEventListener('ended', () => this.#end(track), { once: true });
      await this.#ending;
      await this.#publish(track);
    } catch {
      this.#store.set({ sharing: { name: 'off', problem: 'failed' } });
    }
  }

  stop(): void {
    if (this.#track) this.#end(this.#track);
  }

  /** For good: the visit is over. */
  close(): void {
    this.#track?.stop();
    this.#track = undefined;
    this.#store.set({ sharing: { name: 'off' } });
    this.disconnected();
  }

  async #publish(track: MediaStreamTrack): Promise<void> {
    const publisher = this.#publisher;
    const isCurrent = () => this.#track === track && this.#publisher === publisher;
    if (!publisher || !isCurrent()) return;
    try {
      await publisher.ask();
      const unpublish = await publisher.publish(track, () => this.#fail(track));
      if (!isCurrent()) return await unpublish();
      this.#unpublish = unpublish;
      this.#store.set({ sharing: { name: 'on' } });
    } catch (err) {
      if (!isCurrent()) return; // stopped, or tried again over the next connection
      if (err instanceof TakenError) this.#end(track, () => this.#taken(err.sharer));
      else this.#fail(track);
    }
  }

  #fail(track: MediaStreamTrack): void {
    this.#end(track, () => this.#store.set({ sharing: { name: 'off', problem: 'failed' } }));
  }

  #end(track: MediaStreamTrack, tell = () => this.#store.set({ sharing: { name: 'off' } })): void {
    if (this.#track !== track) return;
    track.stop();
    this.#track = undefined;
    const unpublish = this.#unpublish;
    this.#unpublish = undefined;
    this.#ending = this.#giveBack(unpublish);
    tell();
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
