/**
 * The edge towards people: REST, the built web pages, the `/events` socket and
 * the checked way to the room server, over http and https alike. Decides
 * nothing: `core.ts` is what it asks. Start reading at `createApi`.
 */
import { createServer as createHttp, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Operation } from '../contract/operation.ts';
import { GatewayError } from '../domain/errors.ts';
import { METRICS_TYPE, writeMetrics } from '../observability/prometheus.ts';
import type { People } from '../people/people.ts';
import { type AdminEventsOptions, serveAdminEvents } from './admin-events.ts';
import { type Authenticate, authenticator } from './auth.ts';
import type { ApiCore } from './core.ts';
import { errorHandler } from './errors.ts';
import { serveEvents } from './events-socket.ts';
import { Idempotency } from './idempotency.ts';
import { serveJanus } from './janus-proxy/proxy.ts';
import { OperationRoutes, requirePermission } from './operations.ts';
import { pages, securityHeaders } from './pages.ts';
import { serveConferences } from './routes/conferences.ts';
import { serveMeetings } from './routes/meetings.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { openApiRoute } from './routes/openapi.ts';
import { ownAccountRoutes, peopleRoutes } from './routes/people.ts';
import { serveRecords } from './routes/records.ts';
import { rollCallRoutes } from './routes/roll-call.ts';
import { serveSites } from './routes/sites.ts';
import { serveSystem } from './routes/system.ts';
import { visitRoutes } from './routes/visits.ts';
import { serveWork } from './routes/work.ts';
import { type SocketRoutes, Sockets } from './sockets.ts';
import type { WorkCore } from './work-core.ts';

export interface ApiOptions {
  readonly adminToken: string;
  /** Folder of the built web pages. */
  readonly webRoot: string;
  /** Address to listen on. */
  readonly host: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly tls: { readonly cert: string; readonly key: string };
  readonly janusUrl: string;
  readonly janusApiSecret: string;
  readonly core: ApiCore;
  readonly people: People;
  /** Imports, jobs and webhooks; without it these are not served. */
  readonly work?: WorkCore;
  /** What administrators' pages watch; without it there is no `/admin/events`. */
  readonly watch?: Pick<AdminEventsOptions, 'hub' | 'onPeopleChanged'>;
  readonly log: Logger;
}

export interface ApiServer {
  /** @throws Error when a port is taken */
  listen(): Promise<void>;
  /** Ports in use, for those asked for as 0. */
  ports(): { readonly httpPort: number; readonly httpsPort: number };
  /** Of the contract, what it serves. */
  readonly operations: readonly Operation[];
  close(): Promise<void>;
}

const MAX_BODY = '1mb';
/** Of requests that need no token. */
const MAX_OPEN_BODY = '4kb';

/** Both servers with the same application; `listen` starts them. */
export function createApi(options: ApiOptions): ApiServer {
  const { core, log } = options;
  const authenticate = authenticator(options);
  const { app, operations } = application(options, authenticate);
  const stopping = new AbortController();
  const sockets = new Sockets({
    '/events': socket => serveEvents(core, socket, { stopping: stopping.signal, log }),
    '/janus': socket => serveJanus({ ...options, find: token => core.visits.find(token) }, socket),
    ...adminEvents(options, authenticate, stopping.signal),
  });
  const http = createHttp(app);
  const https = createHttps({ ...options.tls, minVersion: 'TLSv1.2' }, app);
  for (const server of [http, https])
    server.on('upgrade', (req, socket, head) => sockets.upgrade(req, socket, head));
  return {
    listen: async () => {
      await listen(http, options.httpPort, options.host);
      try {
        await listen(https, options.httpsPort, options.host);
      } catch (err) {
        await closeServer(http);
        throw err;
      }
    },
    operations,
    ports: () => ({ httpPort: portOf(http), httpsPort: portOf(https) }),
    close: async () => {
      stopping.abort();
      sockets.close();
      await Promise.all([http, https].map(closeServer));
    },
  };
}

function adminEvents(
  { watch, log }: ApiOptions,
  authenticate: Authenticate,
  stopping: AbortSignal,
): SocketRoutes {
  if (!watch) return {};
  const proved = (req: IncomingMessage) => authenticate(req, 'signed-in');
  const how = { ...watch, authenticate: proved, stopping, log };
  return { '/admin/events': (socket, req) => serveAdminEvents(socket, req, how) };
}

function application(
  options: ApiOptions,
  authenticate: Authenticate,
): { app: Express; operations: readonly Operation[] } {
  const { core, people, webRoot, log } = options;
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders);
  app.get('/healthz', async (_req, res) => {
    const health = await core.health();
    res.status(health.status === 'ok' ? 200 : 503).json(health);
  });
  const mayReadSystem = requirePermission(authenticate, 'system.read');
  app.get('/metrics', notStored, mayReadSystem, async (_req, res) => {
    res.type(METRICS_TYPE).send(writeMetrics(await core.metrics()));
  });
  const api = express.Router();
  api.use(notStored);
  // A page that closes can only use `sendBeacon`, which sends a string as text/plain.
  const openBody = { limit: MAX_OPEN_BODY, type: ['application/json', 'text/plain'] };
  api.use(['/join', '/leave', '/share', '/visit', '/record-file'], express.json(openBody));
  api.use(visitRoutes(core));
  api.use(rollCallRoutes(core));
  if (people.organisation) api.use(oidcRoutes(people.organisation, log));
  openApiRoute(api);
  const operations = serveOperations(api, options, authenticate);
  api.use((_req, _res, next) => next(new GatewayError('not-found', 'There is nothing here.')));
  app.use('/api/v1', api);
  app.use(pages(webRoot));
  app.use((_req, _res, next) => next(new GatewayError('not-found', 'There is nothing here.')));
  app.use(errorHandler(log));
  return { app, operations };
}

/** Every operation of the contract that is served. */
function serveOperations(
  router: express.Router,
  { core, people, work }: ApiOptions,
  authenticate: Authenticate,
): readonly Operation[] {
  const routes = new OperationRoutes({
    router,
    authenticate,
    readBody: express.json({ limit: MAX_BODY }),
    readOpenBody: express.json({ limit: MAX_OPEN_BODY }),
    idempotency: new Idempotency(core.answers),
  });
  serveSites(routes, core);
  serveMeetings(routes, core);
  serveRecords(routes, core);
  serveConferences(routes, core);
  ownAccountRoutes(routes, people);
  peopleRoutes(routes, people);
  serveSystem(routes, core);
  if (work) serveWork(routes, work);
  return routes.served;
}

const notStored: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
