import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import { AdminMessage, type AdminUpdate } from '../contract/admin-events.ts';
import type { Principal } from '../domain/actor.ts';
import { Cleanup } from '../util/cleanup.ts';
import { FrameBudget } from './frame-budget.ts';

/** Somebody who watches, as the core's hub asks for one. */
export interface Watcher {
  readonly who: Principal;
  readonly isBehind: boolean;
  send(text: Buffer): void;
}

export interface WatchHub {
  watch(watcher: Watcher, topics: readonly string[]): () => void;
}

export interface AdminEventsOptions {
  readonly hub: WatchHub;
  /** Who opened this socket, by its cookie or token; asked again while it is open. */
  readonly authenticate: (req: IncomingMessage) => Promise<Principal | undefined>;
  /** Told when accounts, sessions or tokens changed; returns its own undo. */
  readonly onPeopleChanged: (listener: () => void) => () => void;
  /** Fires when the gateway stops. */
  readonly stopping: AbortSignal;
  readonly log: Logger;
}

/** A page that does not read is sent nothing more until it has. */
const MAX_BUFFERED_BYTES = 1_000_000;
/** Sessions and tokens run out without anybody changing them. */
const PROVE_EVERY_MS = 30_000;
const MAX_FRAMES_PER_SEC = 10;
/** WebSocket close codes, RFC 6455 §7.4.1. */
const CLOSE_NORMAL = 1000;
const CLOSE_POLICY = 1008;

/** Serves one `/admin/events` socket: updates of the topics it watches, until it or the session ends. */
export function serveAdminEvents(
  socket: WebSocket,
  req: IncomingMessage,
  options: AdminEventsOptions,
): void {
  const cleanup = new Cleanup();
  const page = new AdminPage(socket, req, options);
  const budget = new FrameBudget(MAX_FRAMES_PER_SEC);
  const onStopping = () => page.end('shutdown');
  options.stopping.addEventListener('abort', onStopping);
  cleanup.add('stopping', () => options.stopping.removeEventListener('abort', onStopping));
  const prove = () => void page.prove();
  const timer = setInterval(prove, PROVE_EVERY_MS);
  cleanup.add('timer', () => clearInterval(timer));
  cleanup.add('people', options.onPeopleChanged(prove));
  cleanup.add('page', () => page.close());
  prove();

  socket.on('message', data => {
    if (!budget.take()) return socket.close(CLOSE_POLICY, 'too many frames');
    const message = readMessage(String(data));
    if (!message) return socket.close(CLOSE_POLICY, 'not understood');
    page.watch(message.topics);
  });
  socket.on('error', err => options.log.debug({ err }, 'admin events socket error'));
  socket.on('close', () => void cleanup.close());
}

class AdminPage {
  readonly #socket: WebSocket;
  readonly #req: IncomingMessage;
  readonly #options: AdminEventsOptions;
  #who: Principal | undefined;
  #rights = '';
  #topics: readonly string[] = [];
  #stopWatching: () => void = () => undefined;
  #isClosed = false;

  constructor(socket: WebSocket, req: IncomingMessage, options: AdminEventsOptions) {
    this.#socket = socket;
    this.#req = req;
    this.#options = options;
  }

  /** Whoever is no longer who they were is put out; whose rights changed is told all anew. */
  async prove(): Promise<void> {
    const { authenticate, log } = this.#options;
    const who = await authenticate(this.#req).catch(err => {
      log.warn({ err }, 'who watches is not known');
      return undefined;
    });
    if (this.#isClosed) return;
    if (!who) return this.end('not-authorized');
    const rights = rightsOf(who);
    if (this.#who && rights === this.#rights) return;
    [this.#who, this.#rights] = [who, rights];
    this.watch(this.#topics);
  }

  /** Instead of what it watched so far; once it is known who it is. */
  watch(topics: readonly string[]): void {
    this.#topics = topics;
    const who = this.#who;
    if (!who || this.#isClosed) return;
    this.#stopWatching();
    const socket = this.#socket;
    const watcher: Watcher = {
      who,
      get isBehind() {
        return socket.bufferedAmount > MAX_BUFFERED_BYTES;
      },
      send: text => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text, { binary: false });
      },
    };
    this.#stopWatching = this.#options.hub.watch(watcher, topics);
  }

  end(reason: Extract<AdminUpdate, { type: 'ended' }>['reason']): void {
    if (this.#isClosed) return;
    this.close();
    const update: AdminUpdate = { type: 'ended', reason };
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(update));
    this.#socket.close(CLOSE_NORMAL);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopWatching();
    this.#stopWatching = () => undefined;
  }
}

function rightsOf({ actor, permissions, groupIds }: Principal): string {
  const groups = groupIds && [...groupIds].sort();
  return JSON.stringify([actor.userId, actor.name, [...permissions].sort(), groups]);
}

function readMessage(text: string): AdminMessage | undefined {
  try {
    return AdminMessage.parse(JSON.parse(text));
  } catch {
    return undefined; // the socket is closed for it
  }
}
