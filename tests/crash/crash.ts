import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ADMIN_TOKEN } from '../unit/api/support.ts';

const CHILD = join(import.meta.dirname, 'child.ts');
const WRITERS = 4;
/** So many acknowledged writes at most before the kill, and so long after the last of them. */
const MAX_WRITES = 40;
const MAX_WAIT_MS = 8;

/** What clients were told is stored. */
interface Acknowledged {
  readonly siteIds: Set<string>;
  /** By site: the last note that was acknowledged. */
  readonly notes: Map<string, number>;
  conferenceVersion: number;
}

export interface CrashReport {
  readonly kills: number;
  readonly acknowledged: number;
  readonly stored: number;
  /** What should be there and is not; empty when all is well. */
  readonly lost: readonly string[];
}

/**
 * Kills a process that writes through the API with SIGKILL, again and again, always the same
 * database; looks each time whether it opens and has all that was acknowledged.
 */
export async function crashTest(
  times: number,
  onKill: (done: number, report: CrashReport) => void = () => undefined,
): Promise<CrashReport> {
  const folder = mkdtempSync(join(tmpdir(), 'diemcau-crash-'));
  const file = join(folder, 'data.sqlite');
  const told: Acknowledged = { siteIds: new Set(), notes: new Map(), conferenceVersion: 0 };
  const lost: string[] = [];
  let stored = 0;
  const report = (kills: number): CrashReport => ({
    kills,
    acknowledged: told.siteIds.size + told.notes.size,
    stored,
    lost,
  });
  try {
    for (let done = 1; done <= times; done += 1) {
      await writeAndDie(file, told, done);
      const found = look(file, told);
      stored = found.stored;
      lost.push(...found.lost.map(what => `kill ${done}: ${what}`));
      onKill(done, report(done));
    }
    return report(times);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function writeAndDie(file: string, told: Acknowledged, round: number): Promise<void> {
  const child = spawn(process.execPath, [CHILD, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  try {
    const url = await firstLine(child);
    const client = new Client(url);
    await ensureConference(client, told);
    const writers = Array.from({ length: WRITERS }, (_, i) => write(client, told, `${round}-${i}`));
    writers.push(rename(client, told));
    await Promise.race([client.written(1 + Math.floor(Math.random() * MAX_WRITES)), ...writers]);
    await new Promise(resolve => setTimeout(resolve, Math.random() * MAX_WAIT_MS));
    child.kill('SIGKILL');
    await Promise.allSettled(writers); // each ends with the connection
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += chunk;
    if (text.includes('\n')) return text.trim();
  }
  throw new Error('the process ended before it served: the database did not open');
}

class Client {
  readonly #url: string;
  #writes = 0;
  #onWritten = () => {};

  constructor(url: string) {
    this.#url = `${url}/api/v1`;
  }

  /** Resolves when so many writes were acknowledged. */
  written(count: number): Promise<void> {
    return new Promise(resolve => {
      this.#onWritten = () => {
        if (this.#writes >= count) resolve();
      };
    });
  }

  /** @throws Error when it was not answered, or refused */
  async ask(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    if (method !== 'GET') {
      this.#writes += 1;
      this.#onWritten();
    }
    return answer;
  }
}

/** New sites, each changed once, until the server is gone. */
async function write(client: Client, told: Acknowledged, name: string): Promise<void> {
  for (let i = 0; ; i += 1) {
    const account = { sipUsername: `u-${name}-${i}`, sipPassword: 'a-password' };
    const site = { name: `Xã ${name}-${i}`, endpoints: [account] };
    const { id } = await client.ask('POST', '/sites', site);
    told.siteIds.add(String(id));
    await client.ask('PATCH', `/sites/${id}`, { version: 1, notes: String(i) });
    told.notes.set(String(id), i);
  }
}

async function ensureConference(client: Client, told: Acknowledged): Promise<void> {
  if (told.conferenceVersion > 0) return;
  const conference = { name: 'Giao ban', number: '1000', alias: 'giao-ban' };
  const { version } = await client.ask('POST', '/conferences', conference);
  told.conferenceVersion = Number(version);
}

/** One conference, changed again and again on the version that is there. */
async function rename(client: Client, told: Acknowledged): Promise<void> {
  const { items } = await client.ask('GET', '/conferences');
  const [conference] = items as { id: string; version: number }[];
  if (!conference) throw new Error('the conference is gone');
  let { version } = conference;
  for (;;) {
    const patch = { version, name: `Giao ban ${version + 1}` };
    version = Number((await client.ask('PATCH', `/conferences/${conference.id}`, patch)).version);
    told.conferenceVersion = version;
  }
}

/** What the database has after a crash, and what it lacks. */
function look(file: string, told: Acknowledged): { stored: number; lost: string[] } {
  const database = new DatabaseSync(file);
  try {
    const lost: string[] = [];
    const [check] = database.prepare('pragma integrity_check').all();
    if (check?.integrity_check !== 'ok') lost.push(`integrity: ${check?.integrity_check}`);
    const sites = database.prepare('select id, notes, version from site').all();
    const byId = new Map(sites.map(site => [site.id, site]));
    for (const id of told.siteIds) if (!byId.has(id)) lost.push(`site ${id}`);
    for (const [id, note] of told.notes)
      if (byId.get(id)?.notes !== String(note)) lost.push(`note of site ${id}`);
    const endpoints = database.prepare('select count(*) as count from endpoint').get()?.count;
    if (endpoints !== sites.length) lost.push('a site without its endpoint');
    const changes = sites.reduce((sum, { version }) => sum + Number(version), 0);
    const audited = `select count(*) as count from audit where entity = 'site'`;
    if (database.prepare(audited).get()?.count !== changes) lost.push('a change and its audit row');
    const conference = database.prepare('select name, version from conference').get();
    const version = Number(conference?.version ?? 0);
    if (version < told.conferenceVersion) lost.push('a change of the conference');
    if (version > 1 && conference?.name !== `Giao ban ${version}`) lost.push('half a change');
    return { stored: sites.length, lost };
  } finally {
    database.close();
  }
}
