import { GatewayError } from '../domain/errors.ts';
import type { ConferenceId } from '../domain/ids.ts';
import { abortable } from '../util/abort.ts';
import type { Rooms } from './rooms.ts';

interface Entry {
  readonly opening: Promise<Rooms>;
  /** Callers that wait for it now. */
  waiting: number;
  /** Whether a caller has waited to the end; else the last that gives up closes it. */
  kept: boolean;
}

/**
 * The rooms of all conferences. Opening is shared by all who ask meanwhile;
 * closing one conference's rooms and opening them anew never overlap.
 */
export class OpenRooms {
  readonly #make: (id: ConferenceId, title: string) => Promise<Rooms>;
  readonly #entries = new Map<ConferenceId, Entry>();
  readonly #closing = new Map<ConferenceId, Promise<void>>();
  /** Rooms that Janus may still hold though nobody wants them. */
  readonly #leftovers = new Set<ConferenceId>();

  constructor(make: (id: ConferenceId, title: string) => Promise<Rooms>) {
    this.#make = make;
  }

  async open(id: ConferenceId, title: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const entry = this.#entries.get(id) ?? this.#begin(id, title);
    entry.waiting += 1;
    try {
      await abortable(entry.opening, signal);
      entry.kept = true;
    } finally {
      entry.waiting -= 1;
      const isUnwanted = !entry.kept && entry.waiting === 0 && this.#entries.get(id) === entry;
      if (isUnwanted) await this.#drop(id, entry).catch(() => undefined); // a leftover now
    }
  }

  /** @throws GatewayError when Janus did not destroy them; they are leftovers then */
  async close(id: ConferenceId): Promise<void> {
    const entry = this.#entries.get(id);
    await (entry ? this.#drop(id, entry) : this.#closing.get(id));
  }

  has(id: ConferenceId): boolean {
    return this.#entries.has(id);
  }

  /** Undefined when they are closed, or did not open. */
  async find(id: ConferenceId): Promise<Rooms | undefined> {
    return this.#entries.get(id)?.opening.catch(() => undefined); // its opener hears why
  }

  /** @throws GatewayError `room-server-refused` when they are closed */
  async get(id: ConferenceId): Promise<Rooms> {
    const rooms = await this.find(id);
    if (rooms) return rooms;
    throw new GatewayError('room-server-refused', 'the rooms are not open');
  }

  /** The connection is lost; what Janus still holds should it live, is left over. */
  lost(): void {
    for (const id of this.#entries.keys()) this.#leftovers.add(id);
    this.#entries.clear();
  }

  /** Has every leftover destroyed; what fails stays for the next time. */
  async sweep(destroy: (id: ConferenceId) => Promise<void>): Promise<void> {
    for (const id of [...this.#leftovers]) {
      await destroy(id);
      this.#leftovers.delete(id);
    }
  }

  #begin(id: ConferenceId, title: string): Entry {
    const closed = this.#closing.get(id)?.catch(() => undefined); // whoever closed it hears why
    const opening = Promise.resolve(closed).then(() => this.#make(id, title));
    const entry = { opening, waiting: 0, kept: false };
    this.#entries.set(id, entry);
    opening.catch(() => {
      if (this.#entries.get(id) === entry) this.#entries.delete(id);
    });
    return entry;
  }

  #drop(id: ConferenceId, entry: Entry): Promise<void> {
    this.#entries.delete(id);
    this.#leftovers.add(id);
    const closing = this.#close(id, entry).finally(() => {
      if (this.#closing.get(id) === closing) this.#closing.delete(id);
    });
    this.#closing.set(id, closing);
    return closing;
  }

  async #close(id: ConferenceId, { opening }: Entry): Promise<void> {
    const rooms = await opening.catch(() => undefined); // left nothing behind
    await rooms?.close();
    this.#leftovers.delete(id);
  }
}
