/**
 * Long work that somebody started and waits for: how far it is, its end, and a way to stop it.
 * In memory: what a restart interrupts is not gone on with.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { ImportReport, JobView } from '../contract/jobs.ts';
import type { Permission } from '../contract/permissions.ts';
import type { Principal } from '../domain/actor.ts';
import { GatewayError, toGatewayError } from '../domain/errors.ts';
import { TypedEmitter } from '../util/typed-emitter.ts';

/** Work as a job does it. */
export interface Work {
  readonly kind: JobView['kind'];
  /** Steps there are, as far as that is known. */
  readonly total: number;
  /** Who has this, everywhere, sees the job and may stop it; so may who started it. */
  readonly needs: Permission;
  /** Rejects when `signal` fires and it stopped for that; what it gives is kept with the job. */
  run(progress: Progress): Promise<WorkResult>;
}

export interface Progress {
  readonly signal: AbortSignal;
  /** @param total when it has become known */
  advance(done: number, total?: number): void;
}

export interface WorkResult {
  readonly report?: ImportReport;
}

export interface JobRunnerDeps {
  readonly now: () => number;
  readonly log: Logger;
}

interface Job {
  view: JobView;
  readonly needs: Permission;
  readonly by: Principal;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Jobs that are over can be asked for this long, and no more than so many. */
const KEPT_MS = 3_600_000;
const KEPT_JOBS = 200;
const MAX_RUNNING = 20;

export class JobRunner {
  readonly #deps: JobRunnerDeps;
  readonly #jobs = new Map<string, Job>();
  readonly #emitter: TypedEmitter<{ changed: string }>;

  constructor(deps: JobRunnerDeps) {
    this.#deps = deps;
    this.#emitter = new TypedEmitter((_, err) => deps.log.error({ err }, 'listener failed'));
  }

  /**
   * Begins at once.
   *
   * @throws GatewayError `rate-limited` while too many run
   */
  start(work: Work, by: Principal): JobView {
    this.#forgetOld();
    const running = [...this.#jobs.values()].filter(({ view }) => view.state === 'running');
    if (running.length >= MAX_RUNNING)
      throw new GatewayError('rate-limited', 'Too much is being done already: wait for its end.');
    const id = randomUUID();
    const stop = new AbortController();
    const view: JobView = {
      id,
      kind: work.kind,
      state: 'running',
      done: 0,
      total: work.total,
      startedAtMs: this.#deps.now(),
      startedBy: by.actor.name,
    };
    // Its first step comes after this turn, when the job can be found.
    const ended = Promise.resolve().then(() => this.#run(id, work, stop.signal));
    this.#jobs.set(id, { view, needs: work.needs, by, stop, ended });
    this.#emitter.emit('changed', id);
    return view;
  }

  /** Undefined when there is none that `who` may see. */
  get(id: string, who: Principal): JobView | undefined {
    const job = this.#jobs.get(id);
    return job && isFor(job, who) ? job.view : undefined;
  }

  /** Those that `who` may see, the latest first. */
  list(who: Principal): JobView[] {
    const own = [...this.#jobs.values()].filter(job => isFor(job, who));
    return own.map(({ view }) => view).reverse();
  }

  /** Of all there are, the oldest first. */
  ids(): string[] {
    return [...this.#jobs.keys()];
  }

  /** Asks it to stop; harmless when it is over. False when there is none that `who` may see. */
  cancel(id: string, who: Principal): boolean {
    const job = this.#jobs.get(id);
    if (!job || !isFor(job, who)) return false;
    job.stop.abort(new GatewayError('bad-request', 'It was cancelled.'));
    return true;
  }

  /** Told of each job that began, got further or ended; returns its own undo. */
  onChange(listener: (id: string) => void): () => void {
    return this.#emitter.on('changed', listener);
  }

  /** Stops all, and waits for their ends. */
  async close(): Promise<void> {
    for (const { stop } of this.#jobs.values()) stop.abort(new Error('shutdown'));
    await Promise.all([...this.#jobs.values()].map(({ ended }) => ended));
  }

  async #run(id: string, work: Work, signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted();
      const { report } = await work.run({
        signal,
        advance: (done, total) => this.#change(id, { done, ...(total !== undefined && { total }) }),
      });
      this.#end(id, { state: 'done', ...(report && { report }) });
    } catch (err) {
      if (signal.aborted) return this.#end(id, { state: 'cancelled' });
      const { code, message } = toGatewayError(err);
      if (code === 'internal') this.#deps.log.error({ err, jobId: id }, 'job failed');
      this.#end(id, { state: 'failed', error: { code, message } });
    }
  }

  #end(id: string, end: Pick<JobView, 'state' | 'report' | 'error'>): void {
    this.#change(id, { ...end, endedAtMs: this.#deps.now() });
  }

  #change(id: string, change: Partial<JobView>): void {
    const job = this.#jobs.get(id);
    if (!job || job.view.state !== 'running') return;
    job.view = { ...job.view, ...change };
    this.#emitter.emit('changed', id);
  }

  #forgetOld(): void {
    const over = [...this.#jobs.values()].filter(({ view }) => view.state !== 'running');
    const oldestMs = this.#deps.now() - KEPT_MS;
    for (const [index, { view }] of over.entries())
      if ((view.endedAtMs ?? 0) < oldestMs || index < over.length - KEPT_JOBS)
        this.#jobs.delete(view.id);
  }
}

function isFor({ by, needs }: Job, who: Principal): boolean {
  const { kind, userId, name } = by.actor;
  const isOwn =
    userId === undefined
      ? kind === who.actor.kind && name === who.actor.name
      : userId === who.actor.userId;
  return isOwn || (who.groupIds === undefined && who.permissions.has(needs));
}
