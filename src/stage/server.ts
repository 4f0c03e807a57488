/**
 * The stage: takes every camera in and gives each endpoint the one stream it can
 * show, composed of those it is to see or passed on as it is. It knows no SIP, no
 * Janus and no rtpengine: only addresses. Start reading at `controller.ts` for what
 * can be asked, `scene/scene.ts` for who sees whom, `compose/worker.ts` for how.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { type StageMethod, StageRequestFrame } from '../contract/stage.ts';
import { asError } from '../util/abort.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import { nowMs } from './clock.ts';
import { Controller, type ControllerDeps, StageError } from './controller.ts';
import { PortPairs } from './rtp/port-pairs.ts';
import { Studio, type StudioSettings } from './studio.ts';

export interface StageSettings extends StudioSettings {
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
const POSITIONS_INTERVAL_MS = 1_000;
const MAX_FRAME_BYTES = 1024 * 1024;

/** Takes seconds and changes nothing: what is asked after it does not wait for it. */
const UNHURRIED: ReadonlySet<StageMethod | undefined> = new Set(['snapshot.take']);

const AnyFrame = z.object({ id: z.number().int() });
/** Stands in a reply to what had no id. */
const UNKNOWN_ID = 0;

/** Ready when it listens; `close` frees every port. @throws Error when the port is taken */
export async function startStage(settings: StageSettings, log: Logger): Promise<Stage> {
  const ports = new PortPairs({ ...settings, host: settings.mediaHost });
  const studio = new Studio(settings, log);
  const controllers = new Set<Controller>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  const http = createServer((req, res) => {
    const isHealth = req.url === '/healthz';
    res.writeHead(isHealth ? 200 : 404, { 'Content-Type': 'application/json' });
    res.end(
      isHealth
        ? JSON.stringify({ ok: true, openSockets: ports.openSockets, load: studio.load })
        : '{}',
    );
  });
  http.on('upgrade', (req, socket, head) => {
    socket.on('error', err => log.debug({ err }, 'controlling connection failed'));
    if (!isAllowed(req, settings.secret))
      return void socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
    sockets.handleUpgrade(req, socket, head, ws => {
      serve(ws, { ports, studio, controllers, mediaHost: settings.mediaHost, log });
    });
  });
  await listen(http, settings.listen);
  const stopTicking = startTicking(controllers);
  const address = http.address();
  return {
    port: typeof address === 'object' && address ? address.port : settings.listen.port,
    close: async () => {
      stopTicking();
      for (const socket of sockets.clients) socket.terminate();
      for (const controller of controllers) controller.close();
      http.closeAllConnections();
      await new Promise<void>(resolve => http.close(() => resolve()));
      await studio.close();
    },
  };
}

/** The only timers of the process, whatever the number of streams. */
function startTicking(controllers: ReadonlySet<Controller>): () => void {
  const ticker = setInterval(() => {
    for (const controller of controllers) controller.tick(nowMs());
  }, TICK_INTERVAL_MS);
  const reporter = setInterval(() => {
    for (const controller of controllers) controller.report(nowMs());
  }, REPORT_INTERVAL_MS);
  const teller = setInterval(() => {
    for (const controller of controllers) controller.tellPositions(nowMs());
  }, POSITIONS_INTERVAL_MS);
  return () => {
    clearInterval(ticker);
    clearInterval(reporter);
    clearInterval(teller);
  };
}

interface ServeDeps {
  readonly ports: PortPairs;
  readonly studio: Studio;
  readonly controllers: Set<Controller>;
  readonly mediaHost: string;
  readonly log: Logger;
}

/**
 * One controlling connection. Its requests are obeyed one after another, so
 * that a removal never overtakes the addition it undoes.
 */
function serve(socket: WebSocket, deps: ServeDeps): void {
  const { ports, studio, controllers, mediaHost, log } = deps;
  const emit: ControllerDeps['emit'] = (event, params) => send(socket, { event, params });
  const controller = new Controller({ mediaHost, ports, studio, log, emit });
  const queue = new SerialQueue();
  controllers.add(controller);
  socket.on('error', err => log.warn({ err }, 'controlling connection failed'));
  socket.on('message', data => {
    const frame = parseJson(String(data));
    void queue.run(async () => {
      const replied = replyTo(controller, frame, log).then(reply => send(socket, reply));
      if (!UNHURRIED.has(StageRequestFrame.safeParse(frame).data?.method)) await replied;
    });
  });
  socket.on('close', () => {
    controllers.delete(controller);
    controller.close();
  });
}

/** Never rejects: whatever went wrong is in the reply. */
async function replyTo(controller: Controller, frame: unknown, log: Logger): Promise<object> {
  const parsed = StageRequestFrame.safeParse(frame);
  if (!parsed.success) {
    log.warn('request not understood');
    const error = { code: 'bad-request', message: parsed.error.message };
    return { id: AnyFrame.safeParse(frame).data?.id ?? UNKNOWN_ID, error };
  }
  const { id, method, params } = parsed.data;
  try {
    return { id, result: await controller.handle(method, params) };
  } catch (thrown) {
    const isExpected = thrown instanceof StageError;
    if (!isExpected) log.error({ err: thrown, method }, 'request failed');
    const code = isExpected ? thrown.code : 'internal';
    return { id, error: { code, message: asError(thrown).message } };
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
