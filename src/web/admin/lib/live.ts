import { AdminUpdate, type SiteStatus } from '../../../contract/admin-events.ts';
import type { JobView } from '../../../contract/jobs.ts';
import type { MeetingView } from '../../../contract/meetings.ts';
import type { HealthView, ParticipantDetailView } from '../../../contract/rest.ts';
import { Store } from '../../shared/store.ts';

export interface LiveState {
  readonly connection: 'idle' | 'connecting' | 'open' | 'lost';
  readonly sites: ReadonlyMap<string, SiteStatus>;
  /** Meetings that run or have just ended, by their conference. */
  readonly meetings: ReadonlyMap<string, MeetingView>;
  /** Who is there, by conference. */
  readonly participants: ReadonlyMap<string, readonly ParticipantDetailView[]>;
  readonly health: HealthView | undefined;
  readonly jobs: ReadonlyMap<string, JobView>;
}

export const nothingLive: LiveState = {
  connection: 'idle',
  sites: new Map(),
  meetings: new Map(),
  participants: new Map(),
  health: undefined,
  jobs: new Map(),
};

type Ended = Extract<AdminUpdate, { type: 'ended' }>;
type Stored = Extract<AdminUpdate, { type: 'stored' }>;
type Content = Exclude<AdminUpdate, Ended | Stored>;

/** What is known after one update from the gateway. */
export function afterUpdate(state: LiveState, update: Content): Partial<LiveState> {
  switch (update.type) {
    case 'sites':
      return { sites: merged(update.whole ? new Map() : state.sites, update.sites, s => s.id) };
    case 'meetings': {
      const before = update.whole ? new Map() : state.meetings;
      return { meetings: merged(before, update.meetings, meeting => meeting.conferenceId) };
    }
    case 'participants': {
      const participants = new Map(state.participants);
      return { participants: participants.set(update.conferenceId, update.participants) };
    }
    case 'health':
      return { health: update.health };
    case 'job':
      return { jobs: new Map(state.jobs).set(update.job.id, update.job) };
  }
}

function merged<T>(
  before: ReadonlyMap<string, T>,
  changed: readonly T[],
  idOf: (one: T) => string,
) {
  const after = new Map(before);
  for (const one of changed) after.set(idOf(one), one);
  return after;
}

/** As much of a WebSocket as is used. */
export interface Socket {
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface LiveOptions {
  readonly open: () => Socket;
  /** Runs something later; gives its undo. */
  readonly later: (run: () => void, delayMs: number) => () => void;
  /** The gateway says that the session is over. */
  readonly onSessionEnded: () => void;
}

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;

/**
 * The `/admin/events` socket. Who shows something watches its topic; after a lost connection
 * everything that is watched comes again.
 */
export class Live {
  readonly store = new Store<LiveState>(nothingLive);
  readonly #options: LiveOptions;
  readonly #topics = new Map<string, number>();
  readonly #storedListeners = new Set<(stored: Omit<Stored, 'type'> | undefined) => void>();
  #socket: Socket | undefined;
  #isOpen = false;
  #wasOpen = false;
  #lostTimes = 0;
  #cancelRetry: () => void = () => undefined;
  #asked = '';

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  /** Keeps a connection from now on, until `stop`. */
  start(): void {
    if (this.#socket) return;
    this.store.set({ connection: this.#lostTimes > 0 ? 'lost' : 'connecting' });
    const socket = this.#options.open();
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#receive(String(data));
    socket.onclose = () => this.#lost();
  }

  stop(): void {
    this.#cancelRetry();
    const socket = this.#socket;
    this.#forget();
    this.#lostTimes = 0;
    socket?.close();
    this.store.set(nothingLive);
  }

  /** Asks for a topic; gives its undo. */
  watch(topic: string): () => void {
    this.#topics.set(topic, (this.#topics.get(topic) ?? 0) + 1);
    this.#ask();
    let isWatched = true;
    return () => {
      if (!isWatched) return;
      isWatched = false;
      const left = (this.#topics.get(topic) ?? 1) - 1;
      if (left > 0) this.#topics.set(topic, left);
      else this.#topics.delete(topic);
      this.#ask();
    };
  }

  /** Told what was changed in the store; undefined: something may have been missed. */
  onStored(listener: (stored: Omit<Stored, 'type'> | undefined) => void): () => void {
    this.#storedListeners.add(listener);
    return () => this.#storedListeners.delete(listener);
  }

  #opened(): void {
    this.#isOpen = true;
    this.#asked = '';
    this.store.set({ connection: 'open' });
    this.#ask();
    if (this.#wasOpen) this.#tellStored(undefined);
    this.#wasOpen = true;
    this.#lostTimes = 0;
  }

  #ask(): void {
    if (!this.#isOpen) return;
    const topics = ['stored', 'jobs', ...[...this.#topics.keys()].sort()];
    const message = JSON.stringify({ type: 'watch', topics: [...new Set(topics)] });
    if (message === this.#asked) return;
    this.#asked = message;
    this.#socket?.send(message);
  }

  #receive(text: string): void {
    const parsed = AdminUpdate.safeParse(JSON.parse(text));
    if (!parsed.success) return; // of a newer gateway; the page is loaded anew some time
    const update = parsed.data;
    if (update.type === 'stored') return this.#tellStored(update);
    if (update.type !== 'ended') return this.store.set(afterUpdate(this.store.get(), update));
    if (update.reason === 'not-authorized') this.#options.onSessionEnded();
  }

  #tellStored(stored: Omit<Stored, 'type'> | undefined): void {
    for (const listener of [...this.#storedListeners]) listener(stored);
  }

  #lost(): void {
    if (!this.#socket) return;
    this.#forget();
    this.store.set({ connection: 'lost' });
    const delayMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#lostTimes);
    this.#lostTimes += 1;
    this.#cancelRetry = this.#options.later(() => this.start(), delayMs);
  }

  #forget(): void {
    if (this.#socket) this.#socket.onclose = null;
    this.#socket = undefined;
    this.#isOpen = false;
  }
}
