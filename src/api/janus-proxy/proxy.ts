import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import { Cleanup } from '../../util/cleanup.ts';
import type { Visit } from '../core.ts';
import { JanusFilter, type Verdict } from './filter.ts';

export interface JanusProxyOptions {
  readonly janusUrl: string;
  readonly janusApiSecret: string;
  readonly find: (token: string) => Visit | undefined;
  readonly log: Logger;
}

/** Frames a browser may send while the way to the room server is being opened. */
const MAX_QUEUED_FRAMES = 32;
/** A browser that does not read is let go before it fills our memory. */
const MAX_BUFFERED_BYTES = 4_000_000;
const MAX_FRAMES_PER_SEC = 200;
/** Close codes: RFC 6455 §7.4.1 and the registry's 1013. */
const CLOSE_POLICY = 1008;
const CLOSE_TRY_AGAIN_LATER = 1013;

/** Joins one browser's `/janus` socket with a socket of its own to Janus, frame by judged frame. */
export function serveJanus(options: JanusProxyOptions, browser: WebSocket): void {
  const filter = new JanusFilter(options.find);
  const server = new WebSocket(options.janusUrl, 'janus-protocol');
  const cleanup = new Cleanup();
  const queue: string[] = [];
  const budget = new FrameBudget();

  cleanup.add('room server', () => server.terminate());
  cleanup.add('browser', () => browser.close(CLOSE_TRY_AGAIN_LATER, 'room server lost'));

  browser.on('message', data => {
    const verdict = budget.take()
      ? filter.fromBrowser(String(data))
      : ({ kind: 'close', reason: 'too many frames' } as const);
    obey(verdict);
    attachOnce();
  });
  server.on('open', () => {
    for (const frame of queue.splice(0)) server.send(frame);
  });
  server.on('message', data => {
    const text = String(data);
    filter.fromServer(text);
    if (browser.bufferedAmount > MAX_BUFFERED_BYTES) browser.close(CLOSE_POLICY, 'too slow');
    else if (browser.readyState === WebSocket.OPEN) browser.send(text);
  });
  for (const socket of [browser, server]) {
    socket.on('error', err => options.log.debug({ err }, 'janus proxy socket error'));
    socket.on('close', () => void cleanup.close());
  }

  function obey(verdict: Verdict): void {
    if (verdict.kind === 'forward') {
      forward(verdict.frame);
      return;
    }
    const fields = { reason: verdict.reason, participantId: filter.visit?.participantId };
    options.log.warn(fields, 'browser frame refused');
    if (verdict.kind === 'refuse') browser.send(JSON.stringify(verdict.reply));
    else browser.close(CLOSE_POLICY, verdict.reason);
  }

  function forward(frame: Record<string, unknown>): void {
    const text = JSON.stringify({ ...frame, apisecret: options.janusApiSecret });
    if (server.readyState === WebSocket.OPEN) server.send(text);
    else if (queue.length < MAX_QUEUED_FRAMES) queue.push(text);
    else browser.close(CLOSE_TRY_AGAIN_LATER, 'room server does not answer');
  }

  let attached = false;
  function attachOnce(): void {
    const { visit } = filter;
    if (attached || !visit || browser.readyState !== WebSocket.OPEN) return;
    attached = true;
    visit.attached();
    cleanup.add('visit', () => visit.detached());
    cleanup.add(
      'end',
      visit.onEnded(() => browser.close(CLOSE_TRY_AGAIN_LATER, 'ended')),
    );
  }
}

/** Frames per second, counted in whole seconds. */
class FrameBudget {
  #second = 0;
  #count = 0;

  take(): boolean {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= MAX_FRAMES_PER_SEC;
  }
}
