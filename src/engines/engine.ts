import { join } from 'node:path';
import { describeError } from '../observability/log.ts';
import { sleep, withTimeout } from '../util/abort.ts';
import { Child, type Command } from './child.ts';
import { type EngineEvent, type EngineState, nextEngineState } from './engine-state.ts';
import { LogFile } from './log-file.ts';

/** What is to be known of an engine to run it. */
export interface EngineSpec {
  /** Also the name of its log file. */
  readonly name: string;
  readonly command: Command;
  /** Taken out of its log, whatever it prints. */
  readonly secrets?: readonly string[];
  /** Writes its configuration; runs before every start. */
  readonly prepare?: () => Promise<void>;
  /** Resolves when the engine answers as it should; rejects with why not. */
  readonly probe: (signal: AbortSignal) => Promise<void>;
  /** Longest time from start to healthy. */
  readonly startTimeoutMs?: number;
  /** Longest time from SIGTERM to gone, then SIGKILL. */
  readonly stopTimeoutMs?: number;
}

/** Who is told what happens to an engine. */
export interface EngineObserver {
  /** A state was entered; `detail` says why where there is a reason. */
  onState(name: string, state: EngineState, detail?: string): void;
  /** An engine that had been running died too often and is not started again. */
  onGivenUp(error: EngineError): void;
}

/** An engine cannot run; `tail` holds the last lines of its log. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly engine: string;
  readonly logFile: string;
  readonly tail: readonly string[];

  constructor(engine: string, message: string, log: LogFile) {
    super(`${engine} ${message}`);
    this.engine = engine;
    this.logFile = log.path;
    this.tail = log.tail();
  }
}

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 5000;
const PROBE_TIMEOUT_MS = 2000;
const PROBE_PAUSE_MS = 100;
const BACKOFF_MS = [50, 500, 1000, 2000, 5000];
/** More deaths than this within the window and the engine is given up. */
const DEATH_LIMIT = BACKOFF_MS.length;
const DEATH_WINDOW_MS = 60_000;

/** One child process that is kept running: started, probed, restarted when it dies, stopped. */
export class Engine {
  readonly name: string;
  readonly logFile: string;
  readonly #spec: EngineSpec;
  readonly #observer: EngineObserver;
  readonly #log: LogFile;
  readonly #stopping = new AbortController();
  readonly #deathsMs: number[] = [];
  #child: Child | undefined;
  #state: EngineState = 'stopped';
  #begun: Promise<void> = Promise.resolve();
  #supervision: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(spec: EngineSpec, logDir: string, observer: EngineObserver) {
    this.name = spec.name;
    this.logFile = join(logDir, `${spec.name}.log`);
    this.#spec = spec;
    this.#observer = observer;
    this.#log = new LogFile(this.logFile, { secrets: spec.secrets ?? [] });
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Process id while one runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Starts the engine and waits until it is healthy; from then on it is
   * restarted when it dies. The caller stops it.
   * @throws EngineError with the end of its log
   */
  start(): Promise<void> {
    this.#begun = this.#begin();
    return this.#begun;
  }

  /** Stops the engine for good; may be called twice and in any state. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #begin(): Promise<void> {
    this.#move('start');
    try {
      await this.#launch();
    } catch (err) {
      await this.#end();
      this.#move('give-up', describeError(err));
      throw new EngineError(this.name, `did not start: ${describeError(err)}`, this.#log);
    }
    this.#supervision = this.#supervise();
  }

  async #stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'));
    await this.#end();
    await this.#begun.catch(() => undefined); // Told to who started it.
    await this.#supervision;
    this.#log.close();
    this.#move('stop');
  }

  async #launch(): Promise<void> {
    this.#stopping.signal.throwIfAborted();
    await this.#spec.prepare?.();
    this.#log.forget();
    const child = new Child(this.#spec.command, this.#log);
    this.#child = child;
    await this.#untilHealthy(child);
    this.#move('healthy');
  }

  /** Probes until the engine answers; rejects when it ends or the time is over. */
  async #untilHealthy(child: Child): Promise<void> {
    const ended = new AbortController();
    void child.exited.then(how => ended.abort(new Error(`ended with ${how}`)));
    const timeoutMs = this.#spec.startTimeoutMs ?? START_TIMEOUT_MS;
    const signal = AbortSignal.any([ended.signal, this.#stopping.signal]);
    const deadlineMs = Date.now() + timeoutMs;
    for (;;) {
      const failure = await this.#probe(signal);
      signal.throwIfAborted();
      if (!failure) return;
      if (Date.now() > deadlineMs) throw new Error(`not healthy after ${timeoutMs} ms: ${failure}`);
      await sleep(PROBE_PAUSE_MS, signal);
    }
  }

  async #probe(signal: AbortSignal): Promise<string | undefined> {
    try {
      await this.#spec.probe(withTimeout(PROBE_TIMEOUT_MS, signal));
      return undefined;
    } catch (err) {
      return describeError(err);
    }
  }

  async #supervise(): Promise<void> {
    let reason = await this.#death();
    while (!this.#stopping.signal.aborted) {
      this.#move('died', reason);
      if (this.#isHopeless()) return this.#giveUp(reason);
      reason = (await this.#restart()) ?? (await this.#death());
    }
  }

  async #death(): Promise<string> {
    return `ended with ${await this.#child?.exited}`;
  }

  /** One attempt after a pause; resolves with why it failed. */
  async #restart(): Promise<string | undefined> {
    try {
      await sleep(BACKOFF_MS[this.#deathsMs.length - 1] ?? 0, this.#stopping.signal);
      this.#move('retry');
      await this.#launch();
      return undefined;
    } catch (err) {
      await this.#end();
      return describeError(err);
    }
  }

  #giveUp(reason: string): void {
    this.#move('give-up', reason);
    const message = `died more than ${DEATH_LIMIT} times in a minute; the last time it ${reason}`;
    this.#observer.onGivenUp(new EngineError(this.name, message, this.#log));
  }

  #isHopeless(): boolean {
    const nowMs = Date.now();
    this.#deathsMs.push(nowMs);
    while ((this.#deathsMs[0] ?? nowMs) < nowMs - DEATH_WINDOW_MS) this.#deathsMs.shift();
    return this.#deathsMs.length > DEATH_LIMIT;
  }

  async #end(): Promise<void> {
    await this.#child?.stop(this.#spec.stopTimeoutMs ?? STOP_TIMEOUT_MS);
  }

  #move(event: EngineEvent, detail?: string): void {
    const next = nextEngineState(this.#state, event);
    if (!next || next === this.#state) return;
    this.#state = next;
    this.#observer.onState(this.name, next, detail);
  }
}
