/**
 * An import from file to database: read, understood row by row, told what would become of it, and
 * saved all at once or not at all.
 */
import type { ConferenceInput, ConferencePatch } from '../contract/conferences.ts';
import type { ImportKind, ImportProblem, ImportReport } from '../contract/jobs.ts';
import type { SiteInput, SitePatch } from '../contract/sites.ts';
import type { Principal } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Progress, Work } from '../jobs/job-runner.ts';
import { type Column, type Columns, findColumns } from './columns.ts';
import { CONFERENCE_COLUMNS } from './conference-columns.ts';
import { type KnownConferences, planConferences } from './conference-rows.ts';
import { isHarmless, problem } from './problems.ts';
import { readTable } from './read-file.ts';
import { SITE_COLUMNS } from './site-columns.ts';
import { type KnownSites, planSites } from './site-plan.ts';
import { siteDrafts } from './site-rows.ts';
import { readSite } from './site-values.ts';
import type { Table } from './table.ts';

/** Everything of one kind that is to be saved together. */
export interface Changes<Input, Patch> {
  readonly create: readonly Input[];
  readonly update: readonly { readonly id: string; readonly patch: Patch }[];
}

/** What an import has to know of what there is, and where it is saved. */
export interface ImportTarget {
  knownSites(by: Principal): Promise<KnownSites>;
  knownConferences(by: Principal): Promise<KnownConferences>;
  /** All or nothing. @throws GatewayError `conflict`, `version-conflict`, `bad-request` */
  saveSites(by: Principal, changes: Changes<SiteInput, SitePatch>): Promise<void>;
  saveConferences(by: Principal, changes: Changes<ConferenceInput, ConferencePatch>): Promise<void>;
}

export interface ImportWish {
  readonly kind: ImportKind;
  readonly file: Buffer;
  /** Only says what would be. */
  readonly dryRun: boolean;
  /** Takes the good rows although others are faulty. */
  readonly skipFaulty: boolean;
}

/** What rows mean, before anything is saved. */
interface Planned {
  readonly rows: number;
  readonly faultyRows: number;
  readonly create: number;
  readonly update: number;
  readonly problems: readonly ImportProblem[];
  readonly save: () => Promise<void>;
}

/** Rows that are worked through before others have their turn. */
const ROWS_AT_ONCE = 50;

/** The import as work of a job. @throws GatewayError `file-not-understood`, `too-large` */
export async function importWork(
  wish: ImportWish,
  by: Principal,
  target: ImportTarget,
): Promise<Work> {
  const table = await readTable(wish.file);
  understood<string>(table, wish.kind === 'sites' ? SITE_COLUMNS : CONFERENCE_COLUMNS);
  return {
    kind: 'import',
    total: table.rows.length,
    needs: wish.kind === 'sites' ? 'sites.write' : 'conferences.write',
    run: async progress => {
      const planned = await PLANS[wish.kind](table, by, target, progress);
      const isSaved = planned.faultyRows === 0 || wish.skipFaulty;
      if (!wish.dryRun && isSaved) {
        progress.signal.throwIfAborted();
        await planned.save();
      }
      progress.advance(table.rows.length);
      return { report: reportOf(planned, isSaved) };
    },
  };
}

/** @param isSaved whether the good rows are taken although others may be faulty */
function reportOf(planned: Planned, isSaved: boolean): ImportReport {
  const { rows, faultyRows, create, update, problems } = planned;
  return {
    rows,
    accepted: rows - faultyRows,
    created: isSaved ? create : 0,
    changed: isSaved ? update : 0,
    problems: [...problems].sort((a, b) => a.row - b.row),
  };
}

type Plan = (
  table: Table,
  by: Principal,
  target: ImportTarget,
  progress: Progress,
) => Promise<Planned>;

const PLANS: Readonly<Record<ImportKind, Plan>> = {
  sites: async (table, by, target, progress) => {
    const columns = understood(table, SITE_COLUMNS);
    const known = await target.knownSites(by);
    const drafts = siteDrafts(table, columns);
    const read = [];
    for (const [at, draft] of drafts.entries()) {
      if (at % ROWS_AT_ONCE === 0) await breathe(progress, at);
      read.push(readSite(draft));
    }
    const plans = planSites(read, known);
    const create = plans.flatMap(plan => (plan.kind === 'create' ? [plan.input] : []));
    const update = plans.flatMap(plan =>
      plan.kind === 'update' ? [{ id: plan.id, patch: plan.patch }] : [],
    );
    const faulty = plans.filter(({ kind }) => kind === 'faulty');
    return {
      rows: table.rows.length,
      faultyRows: faulty.reduce((sum, { draft }) => sum + draft.rows, 0),
      create: create.length,
      update: update.length,
      problems: [...headProblems(columns), ...plans.flatMap(({ draft }) => draft.problems)],
      save: () => target.saveSites(by, { create, update }),
    };
  },
  conferences: async (table, by, target, progress) => {
    const columns = understood(table, CONFERENCE_COLUMNS);
    const known = await target.knownConferences(by);
    await breathe(progress, 0);
    const plans = planConferences(table, columns, known);
    const create = plans.flatMap(plan => (plan.kind === 'create' ? [plan.input] : []));
    const update = plans.flatMap(plan =>
      plan.kind === 'update' ? [{ id: plan.id, patch: plan.patch }] : [],
    );
    return {
      rows: table.rows.length,
      faultyRows: plans.filter(({ kind }) => kind === 'faulty').length,
      create: create.length,
      update: update.length,
      problems: [...headProblems(columns), ...plans.flatMap(({ problems }) => problems)],
      save: () => target.saveConferences(by, { create, update }),
    };
  },
};

/** @throws GatewayError `file-not-understood` when no column says what a row is about */
function understood<Key extends string>(
  table: Table,
  columns: readonly Column<Key>[],
): Columns<Key> {
  const found = findColumns(table, columns);
  if (found.places.some(({ key }) => key === 'name' || key === 'number')) return found;
  const [name, number] = columns;
  throw new GatewayError(
    'file-not-understood',
    `The first row has to be the columns’ names, among them “${name?.name.vi}” or “${number?.name.vi}”. Take the template as an example.`,
    { details: { head: table.head.slice(0, 30) } },
  );
}

function headProblems({ unknown, twice }: Columns<string>): ImportProblem[] {
  return [
    ...unknown.map(({ head }) => problem('column-ignored', { row: 1, column: head })),
    ...twice.map(({ head }) => problem('column-twice', { row: 1, column: head })),
  ].filter(isHarmless);
}

/** Lets others have their turn. @throws what stopped it */
async function breathe({ signal, advance }: Progress, done: number): Promise<void> {
  advance(done);
  await new Promise(resolve => setImmediate(resolve));
  signal.throwIfAborted();
}
