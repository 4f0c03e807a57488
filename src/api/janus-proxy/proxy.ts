import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import { Cleanup } from '../../util/cleanup.ts';
import type { Visit } from '../core.ts';
import { FrameBudget } from '../frame-budget.ts';
import { errorReply, JanusFilter, type Verdict } from './filter.ts';
import { pump } from './pump.ts';
import { RefusalLog } from './refusal-log.ts';

export interface JanusProxyOptions {
  readonly janusUrl: string;
  readonly janusApiSecret: string;
  readonly find: (token: string) => Visit | undefined;
  readonly log: Logger;
}

/** From opening the socket to `create`. */
const CREATE_TIMEOUT_MS = 5_000;
const HANDSHAKE_TIMEOUT_MS = 5_000;
/** Frames a browser may send while the way to the room server is being opened. */
const MAX_QUEUED_FRAMES = 32;
const MAX_FRAMES_PER_SEC = 200;
/** Close codes: RFC 6455 §7.4.1 and the registry's 1013. */
const CLOSE_POLICY = 1008;
const CLOSE_TRY_AGAIN_LATER = 1013;

/**
 * Joins one browser's `/janus` socket with a socket of its own to Janus, frame
 * by judged frame. The way to Janus is opened only for a visit's token.
 */
export function serveJanus(options: JanusProxyOptions, browser: WebSocket): void {
  const connection = new BrowserConnection(options, browser);
  const budget = new FrameBudget(MAX_FRAMES_PER_SEC);
  browser.on('message', data => {
    if (budget.take()) connection.fromBrowser(String(data));
    else browser.close(CLOSE_POLICY, 'too many frames');
  });
  browser.on('error', err => options.log.debug({ err }, 'janus proxy socket error'));
  browser.on('close', () => connection.close());
}

class BrowserConnection {
  readonly #options: JanusProxyOptions;
  readonly #browser: WebSocket;
  readonly #filter: JanusFilter;
  readonly #refusals: RefusalLog;
  readonly #cleanup = new Cleanup();
  readonly #createTimer: NodeJS.Timeout;
  readonly #queue: string[] = [];
  #server: WebSocket | undefined;
  /** Transaction of a `create` that Janus has not answered. */
  #unanswered: string | undefined;

  constructor(options: JanusProxyOptions, browser: WebSocket) {
    this.#options = options;
    this.#browser = browser;
    this.#filter = new JanusFilter(options.find);
    this.#refusals = new RefusalLog(options.log);
    const onTimeout = () => browser.close(CLOSE_POLICY, 'no create');
    this.#createTimer = setTimeout(onTimeout, CREATE_TIMEOUT_MS);
    this.#cleanup.add('create timer', () => clearTimeout(this.#createTimer));
  }

  fromBrowser(text: string): void {
    if (this.#browser.readyState !== WebSocket.OPEN) return;
    const verdict = this.#filter.fromBrowser(text);
    if (verdict.kind === 'forward') return void this.#forward(verdict.frame);
    this.#refusals.add(verdict.reason, this.#filter.visit?.participantId);
    this.#answer(verdict);
  }

  close(): void {
    this.#refusals.flush();
    void this.#cleanup.close();
  }

  #answer(verdict: Exclude<Verdict, { kind: 'forward' }>): void {
    if (verdict.reply) this.#browser.send(JSON.stringify(verdict.reply));
    if (verdict.kind === 'close') this.#browser.close(CLOSE_POLICY, verdict.reason);
  }

  #forward(frame: Record<string, unknown>): void {
    if (frame.janus === 'create') this.#unanswered = String(frame.transaction);
    const server = this.#server ?? this.#open();
    const text = JSON.stringify({ ...frame, apisecret: this.#options.janusApiSecret });
    if (server.readyState === WebSocket.OPEN) pump(text, this.#browser, server);
    else if (this.#queue.length < MAX_QUEUED_FRAMES) this.#queue.push(text);
    else this.#lost();
  }

  /** The first frame that passes proves a visit: now the room server may know of it. */
  #open(): WebSocket {
    clearTimeout(this.#createTimer);
    const server = new WebSocket(this.#options.janusUrl, 'janus-protocol', {
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      perMessageDeflate: false,
    });
    this.#server = server;
    this.#cleanup.add('room server', () => server.terminate());
    this.#attach(this.#filter.visit);
    server.on('open', () => {
      for (const frame of this.#queue.splice(0)) pump(frame, this.#browser, server);
    });
    server.on('message', data => this.#fromServer(String(data), server));
    server.on('error', err => this.#options.log.debug({ err }, 'janus proxy socket error'));
    server.on('close', () => this.#lost());
    return server;
  }

  #attach(visit: Visit | undefined): void {
    if (!visit) return;
    visit.attached();
    this.#cleanup.add('visit', () => visit.detached());
    // The room server first: a browser that is dead does not answer the close for a long time.
    const onEnded = () => {
      this.#browser.close(CLOSE_TRY_AGAIN_LATER, 'ended');
      this.#server?.terminate();
    };
    this.#cleanup.add('end', visit.onEnded(onEnded));
  }

  #fromServer(text: string, server: WebSocket): void {
    this.#unanswered = undefined;
    const answer = this.#filter.fromServer(text);
    if (this.#browser.readyState === WebSocket.OPEN) pump(answer, server, this.#browser);
  }

  /** janus.js hears of a lost socket only once its session stands; before that it needs an answer. */
  #lost(): void {
    if (this.#browser.readyState !== WebSocket.OPEN) return;
    const transaction = this.#unanswered;
    if (transaction !== undefined) {
      const reply = errorReply({ transaction }, 503, 'The room server does not answer.');
      this.#browser.send(JSON.stringify(reply));
    }
    this.#browser.close(CLOSE_TRY_AGAIN_LATER, 'room server lost');
  }
}
