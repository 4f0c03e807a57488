import { randomUUID } from 'node:crypto';
import type { Apps } from './apps.ts';
import { joinFrame, timeToken } from './framing.ts';

export type RecordSource = 'network' | 'application';
export type CallRole = 'uac' | 'uas';
export type StopReason =
  | 'call-rejected'
  | 'call-canceled'
  | 'normal-release'
  | 'session-expired'
  | 'system-initiated-termination';

/** Tells applications that asked for `cdr:…` of calls that are tried, begin and end; one of them each time. */
export class CallRecords {
  readonly #apps: Pick<Apps, 'next'>;

  constructor(apps: Pick<Apps, 'next'>) {
    this.#apps = apps;
  }

  /** @param message the INVITE */
  attempt(source: RecordSource, message: Buffer): void {
    this.#tell('cdr:attempt', [source, timeToken()], message);
  }

  /** @param message the 2xx that made the call */
  start(source: RecordSource, role: CallRole, message: Buffer): void {
    this.#tell('cdr:start', [source, timeToken(), role], message);
  }

  /** @param message what ended it: a BYE, a CANCEL or a failure */
  stop(source: RecordSource, reason: StopReason, message: Buffer): void {
    this.#tell('cdr:stop', [source, timeToken(), reason], message);
  }

  #tell(type: string, tokens: readonly string[], message: Buffer): void {
    this.#apps.next(type)?.record(joinFrame([randomUUID(), type, ...tokens], message));
  }
}
