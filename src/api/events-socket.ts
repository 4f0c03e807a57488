import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import { BrowserMessage, type GatewayMessage } from '../contract/events.ts';
import type { ParticipantView } from '../contract/rest.ts';
import { toGatewayError } from '../domain/errors.ts';
import type { ConferenceId } from '../domain/ids.ts';
import { Cleanup } from '../util/cleanup.ts';
import type { ApiCore, EndedReason, Visit, Wait } from './core.ts';
import { FrameBudget } from './frame-budget.ts';

const HELLO_TIMEOUT_MS = 5_000;
/** Rosters are sent no closer than this; the newest stands for those between. */
const ROSTER_INTERVAL_MS = 100;
/** A browser that does not read gets no more until it has. */
const MAX_BUFFERED_BYTES = 1_000_000;
/** WebSocket close codes, RFC 6455 §7.4.1. */
const CLOSE_NORMAL = 1000;
const CLOSE_POLICY = 1008;
/** Each microphone switch is told to the whole conference. */
const MAX_FRAMES_PER_SEC = 10;

export interface EventsOptions {
  /** Fires when the gateway stops. */
  readonly stopping: AbortSignal;
  readonly log: Logger;
}

/** Serves one `/events` socket: `hello`, then rosters until the visit or the socket ends. */
export function serveEvents(core: ApiCore, socket: WebSocket, options: EventsOptions): void {
  const cleanup = new Cleanup();
  const budget = new FrameBudget(MAX_FRAMES_PER_SEC);
  let visit: Visit | undefined;
  const helloTimer = setTimeout(() => socket.close(CLOSE_POLICY, 'no hello'), HELLO_TIMEOUT_MS);
  cleanup.add('hello timer', () => clearTimeout(helloTimer));
  const onStopping = () => end(socket, 'shutdown');
  options.stopping.addEventListener('abort', onStopping);
  cleanup.add('stopping', () => options.stopping.removeEventListener('abort', onStopping));

  socket.on('message', data => {
    if (socket.readyState !== WebSocket.OPEN) return; // late words of a visit that is over
    if (!budget.take()) return socket.close(CLOSE_POLICY, 'too many frames');
    const message = readMessage(String(data));
    if (!message) return socket.close(CLOSE_POLICY, 'not understood');
    if (message.type !== 'hello') return void (visit && obey(visit, message, socket));
    if (visit) return;
    clearTimeout(helloTimer);
    visit = core.visits.find(message.token);
    if (visit) return follow(core, visit, socket, cleanup);
    const wait = core.visits.findWait(message.token);
    if (wait) return followWait(wait, socket, cleanup);
    end(socket, 'not-authorized');
  });
  socket.on('error', err => options.log.debug({ err }, 'events socket error'));
  socket.on('close', () => void cleanup.close());
}

/** What the person does. */
function obey(
  visit: Visit,
  message: Exclude<BrowserMessage, { type: 'hello' }>,
  socket: WebSocket,
): void {
  switch (message.type) {
    case 'muted':
      return visit.setMuted(message.muted);
    case 'hand':
      return visit.raiseHand(message.raised);
    case 'chat':
      return visit.write(message.text);
    case 'content-request':
      return visit.requestContent(message.wanted);
    case 'content-deny':
      return visit.denyContent();
    case 'act':
      return void answerAct(visit, message, socket);
  }
}

/** Never rejects: why something could not be done is the answer. */
async function answerAct(
  visit: Visit,
  { id, act }: Extract<BrowserMessage, { type: 'act' }>,
  socket: WebSocket,
): Promise<void> {
  if (!visit.isChair) return send(socket, { type: 'acted', id, error: 'not-authorized' });
  try {
    await visit.act(act);
    send(socket, { type: 'acted', id });
  } catch (err) {
    send(socket, { type: 'acted', id, error: toGatewayError(err).code });
  }
}

/** Tells who waits how that ends. */
function followWait(wait: Wait, socket: WebSocket, cleanup: Cleanup): void {
  wait.attached();
  cleanup.add('wait', () => wait.detached());
  send(socket, { type: 'waiting', reason: wait.reason });
  cleanup.add(
    'end of the wait',
    wait.onEnded(how => {
      if (how !== 'admitted') return end(socket, how === 'shutdown' ? how : 'turned-away');
      send(socket, { type: 'admitted' });
      socket.close(CLOSE_NORMAL);
    }),
  );
}

function follow(core: ApiCore, visit: Visit, socket: WebSocket, cleanup: Cleanup): void {
  visit.attached();
  cleanup.add('visit', () => visit.detached());
  const sender = new RosterSender(socket);
  cleanup.add('roster sender', () => sender.close());
  cleanup.add(
    'roster',
    visit.onRoster(participants => sender.send(participants)),
  );
  cleanup.add(
    'notice',
    visit.onNotice(notice => send(socket, { type: 'notice', ...notice })),
  );
  cleanup.add(
    'order',
    visit.onOrder(order => send(socket, { type: 'order', order })),
  );
  cleanup.add(
    'chat',
    visit.onChat(lines => {
      if (lines.length > 0) send(socket, { type: 'chat', lines: [...lines] });
    }),
  );
  cleanup.add(
    'content',
    visit.onContent(content => send(socket, { type: 'content', content })),
  );
  cleanup.add(
    'leading',
    visit.onLeading(() => followAsChair(core, visit, socket, cleanup)),
  );
  cleanup.add(
    'end',
    visit.onEnded(reason => end(socket, reason)),
  );
}

function followAsChair(core: ApiCore, visit: Visit, socket: WebSocket, cleanup: Cleanup): void {
  cleanup.add(
    'chair',
    visit.onChair(chair => send(socket, { type: 'chair', chair })),
  );
  cleanup.add(
    'roll call',
    core.rollCalls.watch(visit.conferenceId as ConferenceId, roll =>
      send(socket, { type: 'roll', roll }),
    ),
  );
  cleanup.add(
    'record',
    core.rollCalls.watchRecord(visit.conferenceId as ConferenceId, id =>
      send(socket, { type: 'record', ticket: core.recordTickets.issue(id, visit.name) }),
    ),
  );
}

function end(socket: WebSocket, reason: EndedReason): void {
  send(socket, { type: 'ended', reason });
  socket.close(CLOSE_NORMAL);
}

function send(socket: WebSocket, message: GatewayMessage): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function readMessage(text: string): BrowserMessage | undefined {
  try {
    return BrowserMessage.parse(JSON.parse(text));
  } catch {
    return undefined; // the socket is closed for it
  }
}

/** Sends the newest roster, spaced out, and waits for slow readers. */
class RosterSender {
  readonly #socket: WebSocket;
  #newest: ParticipantView[] | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  send(participants: ParticipantView[]): void {
    this.#newest = participants;
    if (!this.#timer) this.#flush();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#newest = undefined;
  }

  #flush(): void {
    if (this.#newest && this.#socket.bufferedAmount < MAX_BUFFERED_BYTES) {
      send(this.#socket, { type: 'roster', participants: this.#newest });
      this.#newest = undefined;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#newest) this.#flush();
    }, ROSTER_INTERVAL_MS);
  }
}
