import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { SecretMask } from './secret-mask.ts';

const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;
const TAIL_LINES = 15;

/**
 * An engine's output on disk, bounded: a full file becomes `<file>.1`, the one
 * before that is gone. Written at once, so that nothing is lost when the
 * program ends. The owner calls `close`.
 */
export class LogFile {
  readonly path: string;
  readonly #maxBytes: number;
  readonly #mask: SecretMask;
  #descriptor: number;
  #bytes: number;
  #tail: string[] = [''];

  /** @param options.secrets never written */
  constructor(
    path: string,
    options: { readonly maxBytes?: number; readonly secrets?: readonly string[] } = {},
  ) {
    mkdirSync(dirname(path), { recursive: true });
    this.path = path;
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    this.#mask = new SecretMask(options.secrets ?? []);
    this.#descriptor = openSync(path, 'a', 0o640);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  write(chunk: Buffer): void {
    this.#append(this.#mask.pass(chunk));
  }

  /** The last lines written since `forget`, at most 15. */
  tail(): string[] {
    return this.#tail.filter(line => line !== '').slice(-TAIL_LINES);
  }

  /** Makes `tail` start anew, for a new run of the engine. */
  forget(): void {
    this.#tail = [''];
  }

  close(): void {
    this.#append(this.#mask.rest());
    closeSync(this.#descriptor);
  }

  #append(chunk: Buffer): void {
    if (this.#bytes + chunk.length > this.#maxBytes) this.#rotate();
    writeSync(this.#descriptor, chunk);
    this.#bytes += chunk.length;
    this.#remember(chunk.toString('utf8'));
  }

  #rotate(): void {
    closeSync(this.#descriptor);
    if (existsSync(this.path)) renameSync(this.path, `${this.path}.1`);
    this.#descriptor = openSync(this.path, 'a', 0o640);
    this.#bytes = 0;
  }

  #remember(text: string): void {
    const lines = text.split('\n');
    const unfinished = this.#tail.pop() ?? '';
    this.#tail.push(unfinished + (lines[0] ?? ''), ...lines.slice(1));
    this.#tail = this.#tail.slice(-TAIL_LINES - 1);
  }
}
