import { createServer, type Server } from 'node:net';
import type { Logger } from 'pino';
import { RareLog } from '../rare-log.ts';
import { AppConnection, type AppConnectionOptions } from './app-connection.ts';

export interface AppsOptions extends Omit<AppConnectionOptions, 'log'> {
  readonly host: string;
  readonly port: number;
  readonly log: Logger;
}

const MAX_APPLICATIONS = 32;

/** The applications that are connected, and whose turn it is. */
export class Apps {
  readonly #server: Server;
  readonly #connections: AppConnection[] = [];
  readonly #turns = new Map<string, number>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @throws Error with address and port when the port is taken */
  static async listen(options: AppsOptions): Promise<Apps> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const apps = new Apps(server);
    const log = new RareLog(options.log);
    server.maxConnections = MAX_APPLICATIONS;
    server.on('error', err => options.log.warn({ err }, 'application server error'));
    server.on('connection', socket => {
      const onClosed = (app: AppConnection) => {
        apps.#forget(app);
        if (app.isAuthenticated) options.log.info('application disconnected');
        options.onClosed(app);
      };
      const onAuthenticated = ({ tags }: AppConnection) =>
        options.log.info({ tags }, 'application connected');
      const callbacks = { onAuthenticated, onClosed };
      apps.#connections.push(new AppConnection(socket, { ...options, log, ...callbacks }));
    });
    return apps;
  }

  get address(): { host: string; port: number } {
    const address = this.#server.address();
    if (typeof address !== 'object' || !address) return { host: '', port: 0 };
    return { host: address.address, port: address.port };
  }

  get pendingFrames(): number {
    return this.#connections.reduce((sum, app) => sum + app.pendingFrames, 0);
  }

  /** Who takes the next request of this method: those that asked for it, in turn. */
  next(method: string): AppConnection | undefined {
    const verb = method.toLowerCase();
    const willing = this.#connections.filter(app => app.isOpen && app.verbs.has(verb));
    if (willing.length === 0) return undefined;
    const turn = this.#turns.get(verb) ?? 0;
    this.#turns.set(verb, (turn + 1) % willing.length);
    return willing[turn % willing.length];
  }

  close(): Promise<void> {
    for (const app of [...this.#connections]) app.close();
    return new Promise(resolve => this.#server.close(() => resolve()));
  }

  #forget(app: AppConnection): void {
    const index = this.#connections.indexOf(app);
    if (index >= 0) this.#connections.splice(index, 1);
  }
}
