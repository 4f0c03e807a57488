import { connect, type Socket } from 'node:net';
import type { Protocol } from './flow.ts';

/** What makes a stream transport TCP or TLS: how its connections begin. */
export interface StreamKind {
  readonly protocol: Protocol;
  /** Whether this address may have a connection at all, in either direction. */
  admits(host: string): boolean;
  /** The connection as messages run over it, from one that was accepted. */
  accept(raw: Socket): Socket;
  /** Opens one; `onReady` once messages can run. */
  connect(to: { readonly host: string; readonly port: number }, onReady: () => void): Socket;
}

export const PLAIN_TCP: StreamKind = {
  protocol: 'tcp',
  admits: () => true,
  accept: raw => raw,
  connect: (to, onReady) => connect({ ...to, noDelay: true, keepAlive: true }, onReady),
};
