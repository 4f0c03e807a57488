import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { type Logger, pino } from 'pino';
import { AgentCore } from '../../../src/sip-agent/agent-core.ts';
import { AppConnection } from '../../../src/sip-agent/drachtio/app-connection.ts';
import { encodeFrame, FrameReader } from '../../../src/sip-agent/drachtio/framing.ts';
import { RareLog } from '../../../src/sip-agent/rare-log.ts';
import { FakeFlow } from './fake-flow.ts';

const SILENT: Logger = pino({ level: 'silent' });

/** An application's socket that keeps the frames it is written. */
export class FakeSocket extends EventEmitter {
  readonly frames: string[] = [];
  readonly #reader = new FrameReader();
  destroyed = false;
  readonly writableEnded = false;
  readonly writableLength = 0;

  write(data: Buffer): void {
    this.frames.push(...this.#reader.push(data).map(String));
  }

  cork(): void {}
  uncork(): void {}
  setNoDelay(): void {}
  setTimeout(): void {}

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }

  command(text: string): void {
    this.emit('data', encodeFrame(Buffer.from(text)));
  }

  /** Transaction id of the first message of that method that was delivered. */
  transactionId(method: string): string {
    return this.delivered(method)?.split('|')[8] ?? '';
  }

  /** The first message of that method, or response of that status, that was delivered. */
  delivered(start: string): string | undefined {
    return this.frames.find(text => text.includes('|sip|') && text.includes(`\r\n${start} `));
  }
}

let requests = 0;

/** The core between a fake application and a fake network, for virtual time. */
export class CoreBench {
  readonly flow: FakeFlow;
  readonly socket = new FakeSocket();
  readonly core: AgentCore;
  readonly app: AppConnection;

  /** @param records whether the application asked for call records */
  constructor(options: { records?: boolean; flow?: FakeFlow; log?: Logger } = {}) {
    const { log = SILENT } = options;
    this.flow = options.flow ?? new FakeFlow();
    const transports = { flowTo: () => this.flow, isOurs: () => false, tcpConnections: 0 };
    const next = (method: string) =>
      method.startsWith('cdr:') && !options.records ? undefined : this.app;
    this.core = new AgentCore({ transports, apps: { next, pendingFrames: 0 }, log });
    this.app = new AppConnection(this.socket as unknown as Socket, {
      secret: 's',
      advertised: '',
      local: '',
      onSip: (from, id, frame) => this.core.obey(from, id, frame),
      onClosed: from => this.core.appClosed(from),
      log: new RareLog(log),
    });
    this.socket.command('a|authenticate|s|');
  }

  close(): void {
    this.core.close();
    this.socket.destroy();
  }

  /** A request of the device arrives. */
  receive(method: string, callId: string, extra: RequestExtra = {}): void {
    this.core.receive(request(method, callId, extra), this.flow);
  }

  /** The device answers the last request of that method that we sent. */
  reply(method: string, status: number, extra: ReplyExtra = {}): void {
    const sent = this.sent(method).at(-1) ?? '';
    const copied = sent.split('\r\n').filter(line => /^(?:Via|From|Call-ID|CSeq):/.test(line));
    const to = /^To: ([^\r]*)/m.exec(sent)?.[1] ?? '';
    const lines = [
      `SIP/2.0 ${status} Said`,
      ...copied,
      `To: ${/;tag=/.test(to) ? to : `${to};tag=${extra.tag ?? 'peer'}`}`,
      ...(extra.headers ?? ['Contact: <sip:device@192.0.2.2>']),
      `Content-Length: ${extra.body?.length ?? 0}`,
    ];
    const data = Buffer.from(`${lines.join('\r\n')}\r\n\r\n${extra.body ?? ''}`);
    this.core.receive(data, this.flow);
  }

  /** The application answers the first request of that method. */
  answer(method: string, status: number, headers: readonly string[] = [], body = ''): void {
    this.say(this.socket.transactionId(method), status, headers, body);
  }

  say(id: string, status: number, headers: readonly string[] = [], body = ''): void {
    const lines = [`SIP/2.0 ${status} Said`, ...headers, '', body];
    this.socket.command(`x|sip|${id}|\r\n${lines.join('\r\n')}`);
  }

  /** The application sends a request; outside of dialogs where no id is given. */
  send(method: string, dialogId = '', headers: readonly string[] = [], body = ''): void {
    const uri = dialogId === '' ? 'sip:device@192.0.2.2' : 'sip:placeholder';
    const lines = [`${method} ${uri} SIP/2.0`, ...headers, '', body];
    this.socket.command(`c|sip||${dialogId}\r\n${lines.join('\r\n')}`);
  }

  /** What went out on the network: requests of a method, or responses of a status. */
  sent(start: string | number): string[] {
    const wanted = typeof start === 'number' ? `SIP/2.0 ${start} ` : `${start} `;
    return this.flow.sent.filter(text => text.startsWith(wanted));
  }

  statuses(): string[] {
    return this.flow.sent.map(text => text.split('\r\n')[0] ?? '');
  }

  /** Tag we chose for the call, from the last message sent. */
  ourTag(): string {
    return /To:.*;tag=(\S+)/.exec(this.flow.sent.at(-1) ?? '')?.[1] ?? '';
  }

  /** Value of a header in what was sent last. */
  header(name: string, text = this.flow.sent.at(-1) ?? ''): string | undefined {
    return new RegExp(`^${name}: ([^\\r]*)`, 'm').exec(text)?.[1];
  }
}

interface ReplyExtra {
  readonly tag?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

interface RequestExtra {
  readonly toTag?: string;
  readonly fromTag?: string;
  readonly branch?: string;
  readonly cseq?: number;
  readonly headers?: readonly string[];
  readonly body?: string;
}

export function request(method: string, callId: string, extra: RequestExtra = {}): Buffer {
  requests += 1;
  const { toTag, body = '' } = extra;
  const lines = [
    `${method} sip:room@192.0.2.1 SIP/2.0`,
    `Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK${extra.branch ?? requests}`,
    `From: <sip:device@example.vn>;tag=${extra.fromTag ?? 'device'}`,
    `To: <sip:room@example.vn>${toTag ? `;tag=${toTag}` : ''}`,
    `Call-ID: ${callId}`,
    `CSeq: ${extra.cseq ?? (method === 'BYE' ? 9 : 1)} ${method}`,
    'Contact: <sip:device@192.0.2.2>',
    ...(extra.headers ?? []),
    `Content-Length: ${body.length}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

export const EMPTY_STATS = {
  serverTransactions: 0,
  clientTransactions: 0,
  pendingRequests: 0,
  unacknowledged: 0,
  dialogs: 0,
  tcpConnections: 0,
  registeredFlows: 0,
  pendingFrames: 0,
};
