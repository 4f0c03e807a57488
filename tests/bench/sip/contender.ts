import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ServerAddress } from '../../integration/sip-agent/support/raw-peer.ts';

/** A SIP server that is measured, with the application that decides for it. */
export interface Contender {
  readonly name: string;
  readonly sip: ServerAddress;
  /** Of the SIP server; empty when it runs where we cannot look. */
  readonly serverPids: readonly number[];
  /** Of its application; empty when the server decides by itself. */
  readonly appPids: readonly number[];
  close(): Promise<void>;
}

/** Of every device of the bench. */
export const PASSWORD = 'not-a-secret';
export const REALM = 'diemcau';
/** As many as a province has sites. */
export const DEVICES = 150;

export function username(device: number): string {
  return `xa-${device + 1}`;
}

/** What runs the server and its application on the first core; the load takes the second. */
export const ON_SERVER_CORE = ['taskset', '-c', '0'];
export const ON_LOAD_CORE = ['taskset', '-c', '1'];

/** Ends a process that we started. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
