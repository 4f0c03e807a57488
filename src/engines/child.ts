import { type ChildProcess, spawn } from 'node:child_process';
import { sleep } from '../util/abort.ts';
import type { LogFile } from './log-file.ts';
import { type Priority, prioritize } from './priority.ts';

/** What to run. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What the process gets when we die without a word; own processes close gracefully on SIGTERM. */
  readonly orphanSignal: 'SIGTERM' | 'SIGKILL';
  /** That of the one that starts it when not given. */
  readonly priority?: Priority;
}

/** One running process; it never outlives the one that started it. */
export class Child {
  readonly pid: number | undefined;
  /** Resolves with how it ended, like `code 1` or `signal SIGSEGV`; never rejects. */
  readonly exited: Promise<string>;
  readonly #process: ChildProcess;

  /**
   * Starts the process in a group of its own, so that Ctrl-C in the terminal
   * reaches only us and the engines are stopped in order. `setpriv` asks the
   * kernel to end it when we are gone, prctl(2) PR_SET_PDEATHSIG.
   */
  constructor(command: Command, log: LogFile) {
    this.#process = spawn(
      'setpriv',
      [
        '--pdeathsig',
        command.orphanSignal.slice('SIG'.length),
        '--',
        command.file,
        ...command.args,
      ],
      {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(command.env ? { env: command.env } : {}),
      },
    );
    this.pid = this.#process.pid;
    if (this.pid !== undefined && command.priority) prioritize(this.pid, command.priority);
    this.#process.stdout?.on('data', (chunk: Buffer) => log.write(chunk));
    this.#process.stderr?.on('data', (chunk: Buffer) => log.write(chunk));
    this.exited = this.#watch();
  }

  /** SIGTERM, then SIGKILL after `timeoutMs`; resolves when the process is gone. */
  async stop(timeoutMs: number): Promise<void> {
    this.#signal('SIGTERM');
    const timer = new AbortController();
    const late = sleep(timeoutMs, timer.signal).then(
      () => this.#signal('SIGKILL'),
      () => undefined, // It went in time.
    );
    await this.exited;
    timer.abort();
    await late;
  }

  #watch(): Promise<string> {
    return new Promise(resolve => {
      let how = 'without a reason';
      this.#process.once('error', err => resolve(err.message));
      this.#process.once('exit', (code, signal) => {
        how = signal ? `signal ${signal}` : `code ${code}`;
        this.#signal('SIGKILL'); // What it may have started in its group.
      });
      this.#process.once('close', () => resolve(how));
    });
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.pid === undefined) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // ESRCH: the group is gone, which is what was wanted.
    }
  }
}
