import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isSameOrigin } from './origin.ts';

/** Largest frame a browser may send: an SDP with dozens of m-lines has its place. */
const MAX_FRAME_BYTES = 256 * 1024;
const HEARTBEAT_INTERVAL_MS = 15_000;

type Serve = (socket: WebSocket, req: IncomingMessage) => void;
/** Who serves the sockets of each path. */
export type SocketRoutes = Readonly<Record<string, Serve>>;

/** The WebSockets of one web server, by path; silent ones are dropped. */
export class Sockets {
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    handleProtocols: protocols => (protocols.has('janus-protocol') ? 'janus-protocol' : false),
  });
  readonly #routes: SocketRoutes;
  readonly #alive = new WeakSet<WebSocket>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(routes: SocketRoutes) {
    this.#routes = routes;
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_INTERVAL_MS);
    this.#heartbeat.unref();
  }

  /** For a server's `upgrade` event. A page of another origin is refused, RFC 6455 §10.2. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [path = ''] = (req.url ?? '').split('?');
    const serve = Object.hasOwn(this.#routes, path) ? this.#routes[path] : undefined;
    if (!serve) return void refuse(socket, '404 Not Found');
    if (!isSameOrigin(req)) return void refuse(socket, '403 Forbidden');
    this.#server.handleUpgrade(req, socket, head, ws => {
      this.#alive.add(ws);
      ws.on('pong', () => this.#alive.add(ws));
      serve(ws, req);
    });
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const socket of this.#server.clients) socket.close(1001, 'shutdown');
    setTimeout(() => {
      for (const socket of this.#server.clients) socket.terminate();
    }, 500).unref();
    this.#server.close();
  }

  #beat(): void {
    for (const socket of this.#server.clients) {
      if (!this.#alive.has(socket)) socket.terminate();
      this.#alive.delete(socket);
      socket.ping();
    }
  }
}

/** The http server no longer listens to this socket: a reset unheard would end the process. */
function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`, () => socket.destroy());
}
