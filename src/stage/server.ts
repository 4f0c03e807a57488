/**
 * The stage: takes every camera in and gives each endpoint the one stream it can
 * show. In this form it passes pictures through and draws only the slate. It
 * knows no SIP, no Janus and no rtpengine: only addresses. Start reading at
 * `controller.ts` for what can be asked, `scene/scene.ts` for who sees whom.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { StageRequestFrame } from '../contract/stage.ts';
import { Controller, StageError } from './controller.ts';
import { PortPairs } from './rtp/port-pairs.ts';

export interface StageSettings {
  /** The WebSocket API; `GET /healthz` is on the same port. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Bearer of the WebSocket. */
  readonly secret: string;
  /** Address for RTP. */
  readonly mediaHost: string;
  readonly portMin: number;
  readonly portMax: number;
}

export interface Stage {
  readonly port: number;
  close(): Promise<void>;
}

const TICK_INTERVAL_MS = 20;
const REPORT_INTERVAL_MS = 2_000;
const MAX_FRAME_BYTES = 1024 * 1024;

/** @throws Error when the port is taken */
export async function startStage(settings: StageSettings, log: Logger): Promise<Stage> {
  const ports = new PortPairs({ ...settings, host: settings.mediaHost });
  const controllers = new Set<Controller>();
  const http = createServer((req, res) => {
    const isHealth = req.url === '/healthz';
    res.writeHead(isHealth ? 200 : 404, { 'Content-Type': 'application/json' });
    res.end(isHealth ? JSON.stringify({ ok: true, openSockets: ports.openSockets }) : '{}');
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  http.on('upgrade', (req, socket, head) => {
    if (!isAllowed(req, settings.secret))
      return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    sockets.handleUpgrade(req, socket, head, ws => {
      const controller = serve(ws, ports, settings.mediaHost, log);
      controllers.add(controller);
      ws.on('close', () => {
        controllers.delete(controller);
        controller.close();
      });
    });
  });
  await listen(http, settings.listen);
  const ticker = setInterval(() => {
    for (const controller of controllers) controller.tick(Date.now());
  }, TICK_INTERVAL_MS);
  const reporter = setInterval(() => {
    for (const controller of controllers) controller.report(Date.now());
  }, REPORT_INTERVAL_MS);
  const address = http.address();
  return {
    port: typeof address === 'object' && address ? address.port : settings.listen.port,
    close: async () => {
      clearInterval(ticker);
      clearInterval(reporter);
      for (const socket of sockets.clients) socket.terminate();
      for (const controller of controllers) controller.close();
      await new Promise<void>(resolve => http.close(() => resolve()));
    },
  };
}

function serve(socket: WebSocket, ports: PortPairs, mediaHost: string, log: Logger): Controller {
  const controller = new Controller({
    mediaHost,
    ports,
    log,
    emit: (event, params) => send(socket, { event, params }),
  });
  socket.on('message', data => void answer(controller, socket, String(data), log));
  socket.on('error', err => log.warn({ err }, 'controlling connection failed'));
  return controller;
}

async function answer(
  controller: Controller,
  socket: WebSocket,
  text: string,
  log: Logger,
): Promise<void> {
  const frame = StageRequestFrame.safeParse(parseJson(text));
  if (!frame.success) return log.warn('request not understood');
  const { id, method, params } = frame.data;
  try {
    send(socket, { id, result: await controller.handle(method, params) });
  } catch (thrown) {
    if (!(thrown instanceof StageError)) log.error({ err: thrown, method }, 'request failed');
    const code = thrown instanceof StageError ? thrown.code : 'internal';
    const message = thrown instanceof Error ? thrown.message : 'failed';
    send(socket, { id, error: { code, message } });
  }
}

function send(socket: WebSocket, frame: object): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller says so
  }
}

function isAllowed(req: IncomingMessage, secret: string): boolean {
  const given = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(sha256(given), sha256(secret));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
