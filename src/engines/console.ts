import type { EngineError } from './engine.ts';
import type { EngineState } from './engine-state.ts';

const NAME_WIDTH = 10;

const WORDS: Record<EngineState, string> = {
  stopped: 'stopped',
  starting: 'starting',
  running: 'ready',
  waiting: 'restarting',
  failed: 'failed',
};

/** One line of progress, like `  janus      ready (0.4 s)`. */
export function stateLine(name: string, state: EngineState, detail?: string): string {
  const reason = detail ? ` (${detail})` : '';
  return `  ${name.padEnd(NAME_WIDTH)} ${WORDS[state]}${reason}`;
}

/** A failure as people read it: which engine, the end of its log, where the rest is. */
export function engineFailure(error: EngineError): string {
  const tail = error.tail.map(line => `    ${line}`);
  const lines = tail.length > 0 ? ['  Last lines of its log:', ...tail] : [];
  return [error.message, ...lines, `  Its log: ${error.logFile}`].join('\n');
}
