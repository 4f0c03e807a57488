import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { enter } from '../../support/bed/place.ts';
import type { AnsweredCall } from '../../support/sip-phone/sip-phone.ts';
import type { CodecsCommand, CodecsReply, ReceivedReport } from './codecs-contract.ts';

/** The codecs in the hall, seen from the bench; the caller closes them. */
export class Codecs {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (reply: CodecsReply) => void>();
  #nextId = 0;
  count = 0;

  private constructor(process_: ChildProcess) {
    this.#process = process_;
    process_.on('message', (reply: CodecsReply) => this.#waiting.get(reply.id)?.(reply));
    process_.on('exit', () => this.#fail('the codecs’ process ended'));
  }

  static start(): Codecs {
    const file = join(import.meta.dirname, 'codecs-process.ts');
    const command = ['--pdeathsig', 'KILL', ...enter('hall'), process.execPath, file];
    return new Codecs(
      spawn('setpriv', command, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    );
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** One more codec, registered; the first one is the one that speaks. */
  async add(account: Omit<Extract<CodecsCommand, { do: 'add' }>, 'do'>): Promise<void> {
    await this.#ask({ do: 'add', ...account });
    this.count += 1;
  }

  call(codec: number, number: string): Promise<AnsweredCall> {
    return this.#ask({ do: 'call', codec, number }) as Promise<AnsweredCall>;
  }

  async hangUp(codec: number): Promise<void> {
    await this.#ask({ do: 'hang-up', codec });
  }

  received(): Promise<ReceivedReport> {
    return this.#ask({ do: 'received' }) as Promise<ReceivedReport>;
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }

  #ask(command: CodecsCommand): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        this.#waiting.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(`${command.do}: ${error}`));
      });
      this.#process.send({ id, ...command });
    });
  }

  #fail(error: string): void {
    for (const [id, settle] of [...this.#waiting]) settle({ id, error });
  }
}
