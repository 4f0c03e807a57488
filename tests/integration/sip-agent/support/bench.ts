/** One server with the real client library on its one side and raw sockets on the other. */
import { type EventEmitter, once } from 'node:events';
import Srf from 'drachtio-srf';
import type { SipAgentStats } from '../../../../src/sip-agent/index.ts';
import { type BusyLine, busyLine } from './busy-line.ts';
import { type RawPeer, streamListener, tcpPeer, udpPeer } from './raw-peer.ts';
import { startServer, type TestServer } from './server.ts';

type Headers = Readonly<Record<string, string>>;

export interface AppMessage {
  readonly method: string;
  readonly status: number;
  readonly reason: string;
  readonly body: string;
  readonly uri: string;
  readonly raw: string;
  readonly stackTxnId: string;
  readonly stackDialogId: string;
  readonly protocol: string;
  readonly source_address: string;
  readonly source_port: number;
  readonly receivedOn: string;
  has(name: string): boolean;
  get(name: string): string;
}

export interface AppRequest extends AppMessage, EventEmitter {
  cancel(options?: object, callback?: (err: unknown) => void): void;
}

export interface AppResponse {
  send(
    status: number,
    options?: { readonly headers?: Headers; readonly body?: string },
    callback?: (err: unknown, sent?: AppMessage) => void,
    onPrack?: (prack: AppMessage) => void,
  ): void;
}

export interface AppDialog extends EventEmitter {
  readonly id: string;
  readonly sip: { readonly callId: string; readonly localTag: string; readonly remoteTag: string };
  readonly remote: { readonly sdp: string; readonly uri: string };
  destroy(): Promise<unknown>;
  modify(sdp: string): Promise<string>;
  request(options: { method: string; headers?: Headers; body?: string }): Promise<AppMessage>;
}

type Handler = (req: AppRequest, res: AppResponse) => void;
type Verb =
  | 'invite'
  | 'register'
  | 'options'
  | 'message'
  | 'info'
  | 'subscribe'
  | 'notify'
  | 'publish';

interface UacOptions {
  readonly localSdp?: string;
  readonly method?: string;
  readonly noAck?: boolean;
  readonly headers?: Headers;
  readonly auth?: { readonly username: string; readonly password: string };
  readonly proxy?: string;
}

/** What the tests use of drachtio-srf, whose own types miss most of it. */
export interface App extends EventEmitter, Record<Verb, (handler: Handler) => void> {
  connect(options: object): Promise<unknown>;
  disconnect(): void;
  unregisterForMessages(verb: Verb): void;
  reregisterForMessages(verb: Verb): void;
  createUAS(req: AppRequest, res: AppResponse, options: object): Promise<AppDialog>;
  createUAC(
    uri: string,
    options: UacOptions,
    progress?: {
      cbRequest?: (err: unknown, req: AppRequest) => void;
      cbProvisional?: (res: AppMessage) => void;
    },
  ): Promise<AppDialog>;
  request(
    uri: string,
    options: { method: string; headers?: Headers; body?: string; proxy?: string },
  ): Promise<AppRequest>;
}

/** Collects what a test opens and closes it all at the end. */
export class Bench {
  readonly server: TestServer;
  readonly #closers: (() => void)[] = [];
  readonly #apps = new Set<App>();

  private constructor(server: TestServer) {
    this.server = server;
  }

  static async start(): Promise<Bench> {
    return new Bench(await startServer());
  }

  get port(): number {
    return this.server.sip.port;
  }

  /** Waits until the server holds this much. */
  holds(expected: Partial<SipAgentStats>, timeoutMs?: number): Promise<void> {
    return this.server.holds(expected, timeoutMs);
  }

  /** An application that is connected and whose handlers the agent knows. @param by what it connects to, the server when not given */
  async app(
    handlers: Partial<Record<Verb, Handler>> = {},
    by: TestServer['app'] = this.server.app,
  ): Promise<App> {
    const app = new Srf() as unknown as App;
    app.on('error', () => undefined);
    for (const [verb, handler] of Object.entries(handlers)) app[verb as Verb](handler);
    this.#apps.add(app);
    const connected = once(app, 'connect');
    void app.connect(by);
    await connected;
    await settled();
    return app;
  }

  /** The application goes away; the library does not like to be told twice. */
  quit(app: App): void {
    if (this.#apps.delete(app)) app.disconnect();
  }

  udp(): Promise<RawPeer> {
    return this.keep(udpPeer(this.server.sip));
  }

  tcp(): Promise<RawPeer> {
    return this.keep(tcpPeer(this.server.sip));
  }

  tcpListener(): Promise<RawPeer> {
    return this.keep(streamListener('tcp', this.server.sip));
  }

  /** A way to the server for an application that is busy at times. */
  async busyLine(): Promise<BusyLine> {
    const line = await busyLine(this.server.app);
    this.#closers.push(() => line.close());
    return line;
  }

  async close(): Promise<void> {
    for (const app of [...this.#apps]) this.quit(app);
    for (const close of this.#closers.splice(0)) close();
    await this.server.close();
  }

  /** Closes it at the end. */
  async keep(opening: Promise<RawPeer>): Promise<RawPeer> {
    const peer = await opening;
    this.#closers.push(() => peer.close());
    return peer;
  }
}

/** `route` commands have no answer that a test could wait for. */
function settled(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 50));
}

/** A value that comes later, by a call. */
export function later<T>(): { readonly value: Promise<T>; readonly give: (value: T) => void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { value: promise, give: resolve };
}
