import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Secrets, Settings } from '../config/index.ts';
import { writeTable } from '../imports/export-table.ts';
import { openPeople } from '../people/people.ts';
import { computeHa1 } from '../sip/digest.ts';
import { databaseOf, openStore } from '../store/index.ts';
import { MAX_SITES, makeSeed, type Seed } from './district.ts';
import { fill } from './fill.ts';

export const DEFAULT_SITES = 24;

/**
 * Fills the database with a district and says what was made.
 *
 * @param args `--sites 24`
 * @throws GatewayError `conflict` when the database is not empty
 */
export async function runSeed(
  args: readonly string[],
  settings: Settings,
  secrets: Secrets,
  log: Logger,
): Promise<string> {
  const count = countOf(args);
  const now = () => Date.now();
  // Easy to read from paper, and nothing that a spreadsheet takes for a formula.
  const password = () => randomBytes(8).toString('hex');
  const seed = makeSeed(count, new Date().toISOString().slice(0, 10), password);
  mkdirSync(settings.dataDir, { recursive: true });
  const store = await openStore({ file: databaseOf(settings), log });
  try {
    const { users } = openPeople({ store, secret: secrets.accountsSecret, now });
    const ha1 = (user: string, word: string) => computeHa1(user, settings.sip.realm, word);
    const accounts = await fill(seed, { store, users, computeHa1: ha1, password });
    const file = join(settings.dataDir, 'seed-sip-accounts.csv');
    writeFileSync(file, await sipAccounts(seed), { mode: 0o600 });
    const words = accounts.map(
      ({ login, role, password: word }) =>
        `  ${login.padEnd(10)} ${(word ?? '(there before, left as it was)').padEnd(32)} ${role}`,
    );
    return [
      `${seed.sites.length} sites in ${seed.groups.length} groups, ${seed.conferences.length} conferences.`,
      '',
      'Accounts for /admin:',
      ...words,
      '',
      `SIP accounts of the sites with their passwords: ${file}`,
    ].join('\n');
  } finally {
    await store.close();
  }
}

/** @throws Error for anything but `--sites` and a number */
function countOf([option, value, ...rest]: readonly string[]): number {
  if (option === undefined) return DEFAULT_SITES;
  const count = Number(value);
  const isRight = Number.isInteger(count) && count >= 1 && count <= MAX_SITES;
  if (option !== '--sites' || !isRight || rest.length > 0)
    throw new Error(`usage: seed [--sites 1–${MAX_SITES}]`);
  return count;
}

/** The same columns as an import takes, so that it can be tried with it. */
async function sipAccounts({ sites }: Seed): Promise<Buffer> {
  const lines = sites.flatMap(({ name, number = '', endpoints = [] }) =>
    endpoints
      .filter(({ sipUsername }) => sipUsername !== undefined)
      .map(({ sipUsername = '', sipPassword = '' }) => [name, number, sipUsername, sipPassword]),
  );
  const head = ['Tên điểm cầu', 'Số', 'Tài khoản SIP', 'Mật khẩu SIP'];
  return (await writeTable([head, ...lines], 'csv')).content;
}
