/** A SIP element on a socket of its own that does exactly what a test says. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';
import {
  type ConnectionOptions,
  createServer as createTlsServer,
  connect as tlsConnect,
} from 'node:tls';
import { testIdentity } from './identity.ts';
import { Inbox, type Match } from './inbox.ts';
import type { RawMessage } from './raw-message.ts';

export type PeerProtocol = 'udp' | 'tcp' | 'tls';

/** Where the server under test is. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

export interface RawPeer {
  readonly protocol: PeerProtocol;
  /** Where it is itself, as it stands in URIs: IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
  /** Likewise, the server it talks to. */
  readonly serverHost: string;
  send(data: Buffer | string): void;
  /** The first message that fits and was not taken yet. @throws Error when none comes in time */
  take(what: string, match: Match): Promise<RawMessage>;
  /** Bytes other than messages: keep-alives. */
  readonly stray: Buffer[];
  /** Whether the other end has closed the connection. */
  isClosed(): boolean;
  close(): void;
}

export async function udpPeer(server: ServerAddress): Promise<RawPeer> {
  const socket = createSocket(server.host.includes(':') ? 'udp6' : 'udp4');
  socket.bind(0, ownHost(server.host));
  await once(socket, 'listening');
  const inbox = new Inbox();
  socket.on('message', data => inbox.push(data));
  return {
    ...peerParts('udp', server, socket.address().port, inbox),
    send: data => socket.send(data, server.port, server.host),
    isClosed: () => false,
    close: () => socket.close(),
  };
}

/** A connection to the server. */
export async function tcpPeer(server: ServerAddress): Promise<RawPeer> {
  const socket = tcpConnect({ ...server });
  await once(socket, 'connect');
  return streamPeer('tcp', server, socket);
}

/**
 * The same over TLS; certificates are not looked at.
 *
 * @throws Error when the handshake fails
 */
export async function tlsPeer(
  server: ServerAddress,
  options: ConnectionOptions = {},
): Promise<RawPeer> {
  const socket = tlsConnect({ ...server, rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  return streamPeer('tls', server, socket);
}

/** Listens for the server to connect; `port` is where. */
export async function streamListener(
  protocol: 'tcp' | 'tls',
  server: ServerAddress,
): Promise<RawPeer> {
  const inbox = new Inbox();
  const sockets: Socket[] = [];
  const onConnection = (socket: Socket) => {
    sockets.push(socket);
    feed(socket, inbox);
  };
  const listener: Server =
    protocol === 'tcp'
      ? createServer(onConnection)
      : createTlsServer(await testIdentity(), onConnection);
  listener.listen(0, ownHost(server.host));
  await once(listener, 'listening');
  const address = listener.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    ...peerParts(protocol, server, port, inbox),
    send: data => void sockets.at(-1)?.write(data),
    isClosed: () => sockets.at(-1)?.destroyed ?? true,
    close: () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
    },
  };
}

function streamPeer(protocol: 'tcp' | 'tls', server: ServerAddress, socket: Socket): RawPeer {
  const inbox = new Inbox();
  feed(socket, inbox);
  return {
    ...peerParts(protocol, server, socket.localPort ?? 0, inbox),
    send: data => void socket.write(data),
    isClosed: () => socket.destroyed,
    close: () => socket.destroy(),
  };
}

function peerParts(protocol: PeerProtocol, server: ServerAddress, port: number, inbox: Inbox) {
  return {
    protocol,
    host: written(ownHost(server.host)),
    port,
    serverHost: written(server.host),
    stray: inbox.stray,
    take: (what: string, match: Match) => inbox.take(what, match),
  };
}

/** A server on loopback is tested from there, another one from this machine's own address. */
function ownHost(serverHost: string): string {
  if (serverHost === '::1' || serverHost.startsWith('127.')) return serverHost;
  return process.env.DIEMCAU_TEST_HOST ?? '0.0.0.0';
}

function written(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
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
