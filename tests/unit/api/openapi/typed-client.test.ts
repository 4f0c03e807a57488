import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../contract/world.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
/** The compiler and two programs, on a machine that does other work too. */
const TIMEOUT_MS = 120_000;

/** A client as somebody would write it: lists, creates, and is told of a wrong type. */
const CLIENT = `
import createClient from 'openapi-fetch';
import type { components, paths } from './diemcau.d.ts';

const [baseUrl = '', token = ''] = process.argv.slice(2);
const headers = { authorization: \`Bearer \${token}\` };
const client = createClient<paths>({ baseUrl, headers });

const made = await client.POST('/sites', { body: { name: 'Xã Tân Phú', number: '1001' } });
if (made.error) throw new Error(made.error.error.message);
const site: components['schemas']['SiteView'] = made.data;
const listed = await client.GET('/sites', { params: { query: { q: 'tan phu', limit: 5 } } });
const absent = await client.GET('/sites/{id}', { params: { path: { id: 'nobody' } } });
console.log(
  JSON.stringify({
    isListed: listed.data?.items.some(({ id }) => id === site.id),
    absent: absent.error?.error.code,
  }),
);
`;
const WRONG = `
import createClient from 'openapi-fetch';
import type { paths } from './diemcau.d.ts';

const client = createClient<paths>({ baseUrl: '' });
await client.POST('/sites', { body: { name: 7 } });
await client.GET('/sites/{id}', { params: { path: {} } });
await client.GET('/no-such-path');
`;

describe('a client with the printed types', () => {
  let world: World;
  let folder: string;
  beforeAll(async () => {
    world = await startWorld();
    folder = mkdtempSync(join(tmpdir(), 'diemcau-api-types-'));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const types = execFileSync('npm', ['run', '-s', 'api:types'], { cwd: ROOT, encoding: 'utf8' });
    writeFileSync(join(folder, 'diemcau.d.ts'), types);
    writeFileSync(join(folder, 'client.mts'), CLIENT);
    writeFileSync(join(folder, 'wrong.mts'), WRONG);
  }, TIMEOUT_MS);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await world.close();
  });

  const compile = (file: string) =>
    spawnSync(
      process.execPath,
      [
        join(ROOT, 'node_modules/typescript/bin/tsc'),
        ...['--ignoreConfig', '--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext'],
        ...['--types', 'node', '--allowImportingTsExtensions', join(folder, file)],
      ],
      { encoding: 'utf8', cwd: folder },
    ).stdout;

  it('compiles, and works against the server', { timeout: TIMEOUT_MS }, async () => {
    expect(compile('client.mts')).toBe('');
    const url = `${world.api.url}/api/v1`;
    const program = [join(folder, 'client.mts'), url, world.token];
    const { stdout: said } = await promisify(execFile)(process.execPath, program);
    expect(JSON.parse(said)).toEqual({ isListed: true, absent: 'not-found' });
  });

  it('does not compile with what the API does not take', { timeout: TIMEOUT_MS }, () => {
    const lines = compile('wrong.mts').match(/wrong\.mts\(\d+/g) ?? [];
    expect(new Set(lines).size).toBe(3);
  });
});
