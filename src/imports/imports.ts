import type { ImportKind, JobView } from '../contract/jobs.ts';
import type { Principal } from '../domain/actor.ts';
import type { JobRunner } from '../jobs/job-runner.ts';
import { TEMPLATES } from './export-rows.ts';
import { type ExportFile, type ExportFormat, writeTable } from './export-table.ts';
import { type ImportTargetDeps, importTarget } from './import-target.ts';
import { type ImportWish, importWork } from './import-work.ts';

/** Files in and out. */
export class Imports {
  readonly #target: ReturnType<typeof importTarget>;
  readonly #jobs: JobRunner;

  constructor(deps: ImportTargetDeps, jobs: JobRunner) {
    this.#target = importTarget(deps);
    this.#jobs = jobs;
  }

  /**
   * Begins an import; the job says how far it is and what came of it.
   *
   * @throws GatewayError `file-not-understood`, `too-large`, `rate-limited`
   */
  async start(by: Principal, wish: ImportWish): Promise<JobView> {
    return this.#jobs.start(await importWork(wish, by, this.#target), by);
  }

  /** All that somebody sees, as a file that can be imported again; without passwords and PINs. */
  async export(by: Principal, kind: ImportKind, format: ExportFormat): Promise<ExportFile> {
    return writeTable(await this.#target.lines(by, kind), format);
  }

  template(kind: ImportKind, format: ExportFormat): Promise<ExportFile> {
    return writeTable(TEMPLATES[kind], format);
  }
}
