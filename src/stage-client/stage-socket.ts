import WebSocket from 'ws';
import { asError } from '../util/abort.ts';

export interface StageSocketOptions {
  readonly url: string;
  readonly secret: string;
  /** For the handshake. */
  readonly timeoutMs: number;
  /** Parsed JSON; undefined for what is none. */
  readonly onFrame: (frame: unknown) => void;
  /** Once, after it was open. */
  readonly onClosed: () => void;
}

export interface StageSocket {
  send(frame: object): void;
  close(): void;
}

/** A stage on another machine that vanishes without a word is noticed within two of these. */
const PING_INTERVAL_MS = 5_000;

/** Opens the WebSocket; rejects when it cannot be opened, or `signal` fires before. */
export function openStageSocket(
  options: StageSocketOptions,
  signal: AbortSignal,
): Promise<StageSocket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(asError(signal.reason));
    const socket = new WebSocket(options.url, {
      headers: { Authorization: `Bearer ${options.secret}` },
      handshakeTimeout: options.timeoutMs,
    });
    const onAbort = () => socket.terminate();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', reject); // after the opening nobody waits any more, and `close` follows
    socket.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      reject(new Error('closed before it was open'));
    });
    socket.once('open', () => resolve(serve(socket, options)));
  });
}

function serve(socket: WebSocket, { onFrame, onClosed }: StageSocketOptions): StageSocket {
  const stopPinging = keepAlive(socket);
  socket.on('message', data => onFrame(parseJson(String(data))));
  socket.once('close', () => {
    stopPinging();
    onClosed();
  });
  return {
    send: frame => socket.send(JSON.stringify(frame)),
    close: () => socket.terminate(),
  };
}

function keepAlive(socket: WebSocket): () => void {
  let isAnswered = true;
  socket.on('pong', () => {
    isAnswered = true;
  });
  const timer = setInterval(() => {
    if (!isAnswered) return socket.terminate();
    isAnswered = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  return () => clearInterval(timer);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the contract refuses it
  }
}
