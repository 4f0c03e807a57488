/** A SIP element on a socket of its own that does exactly what a test says. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type RawMessage, readMessage } from './raw-message.ts';

export type Match = (message: RawMessage) => boolean;

export interface RawPeer {
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
  /** To the agent, in pieces of that many bytes where asked. */
  send(data: Buffer | string): void;
  /** The first message that fits and was not taken yet. @throws Error when none comes in time */
  take(what: string, match: Match): Promise<RawMessage>;
  /** Bytes other than messages: keep-alives. */
  readonly stray: Buffer[];
  /** Whether the other end has closed the connection. */
  isClosed(): boolean;
  close(): void;
}

const PATIENCE_MS = 8_000;
const HOST = '127.0.0.1';

/** Keeps what came in until somebody takes it. */
class Inbox {
  readonly stray: Buffer[] = [];
  readonly #messages: RawMessage[] = [];
  /** Many calls may wait at one peer. */
  readonly #waiting = new Set<() => void>();

  push(data: Buffer): void {
    this.#messages.push(readMessage(data));
    for (const wake of [...this.#waiting]) wake();
  }

  async take(what: string, match: Match): Promise<RawMessage> {
    const deadlineMs = Date.now() + PATIENCE_MS;
    for (;;) {
      const index = this.#messages.findIndex(match);
      const [found] = index < 0 ? [] : this.#messages.splice(index, 1);
      if (found) return found;
      if (Date.now() > deadlineMs) throw new Error(`no ${what}; got: ${this.#summary()}`);
      await this.#news(deadlineMs - Date.now() + 1);
    }
  }

  #news(waitMs: number): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      this.#waiting.add(wake);
    });
  }

  #summary(): string {
    return this.#messages.map(message => message.startLine).join(' | ') || 'nothing';
  }
}

export async function udpPeer(agentPort: number): Promise<RawPeer> {
  const socket = createSocket('udp4');
  socket.bind(0, HOST);
  await once(socket, 'listening');
  const inbox = new Inbox();
  socket.on('message', data => inbox.push(data));
  return {
    protocol: 'udp',
    port: socket.address().port,
    send: data => socket.send(data, agentPort, HOST),
    take: (what, match) => inbox.take(what, match),
    stray: inbox.stray,
    isClosed: () => false,
    close: () => socket.close(),
  };
}

/** A connection to the agent. */
export async function tcpPeer(agentPort: number): Promise<RawPeer> {
  const socket = connect(agentPort, HOST);
  await once(socket, 'connect');
  return tcpPeerOn(socket, socket.localPort ?? 0);
}

/** Listens for the agent to connect; `port` is where. */
export async function tcpListener(): Promise<RawPeer> {
  const server = createServer();
  server.listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  const inbox = new Inbox();
  const sockets: Socket[] = [];
  server.on('connection', socket => {
    sockets.push(socket);
    feed(socket, inbox);
  });
  return {
    protocol: 'tcp',
    port: typeof address === 'object' && address ? address.port : 0,
    send: data => void sockets.at(-1)?.write(data),
    take: (what, match) => inbox.take(what, match),
    stray: inbox.stray,
    isClosed: () => sockets.at(-1)?.destroyed ?? true,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function tcpPeerOn(socket: Socket, port: number): RawPeer {
  const inbox = new Inbox();
  feed(socket, inbox);
  return {
    protocol: 'tcp',
    port,
    send: data => void socket.write(data),
    take: (what, match) => inbox.take(what, match),
    stray: inbox.stray,
    isClosed: () => socket.destroyed,
    close: () => socket.destroy(),
  };
}

function feed(socket: Socket, inbox: Inbox): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true);
  // A test that kills the agent sees it by what does not come.
  socket.on('error', () => undefined);
  socket.on('data', chunk => {
    rest = Buffer.concat([rest, chunk]);
    for (let cut = nextMessage(rest); cut; cut = nextMessage(rest)) {
      if (cut.isMessage) inbox.push(rest.subarray(0, cut.end));
      else inbox.stray.push(rest.subarray(0, cut.end));
      rest = rest.subarray(cut.end);
    }
  });
}

function nextMessage(data: Buffer): { end: number; isMessage: boolean } | undefined {
  if (data.toString('latin1', 0, 2) === '\r\n') return { end: 2, isMessage: false };
  const end = data.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const length = Number(/^content-length: (\d+)/im.exec(data.toString('latin1', 0, end + 2))?.[1]);
  const whole = end + 4 + length;
  return data.length < whole ? undefined : { end: whole, isMessage: true };
}
