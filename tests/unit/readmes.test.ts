import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isKnownVariable, settingVariables } from '../../src/config/environment.ts';
import { SettingsSchema } from '../../src/config/schema.ts';
import { OUTCOMES } from '../../src/domain/errors.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDERS = ['.', 'docs', 'src/*', 'tests', 'tests/support'];
const READMES = FOLDERS.flatMap(folder => globSync(`${folder}/*.md`, { cwd: ROOT }));
const SOURCES = globSync('{src,tests}/**/*.{ts,tsx,js}', { cwd: ROOT });

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const README = read('README.md');

describe.each(READMES)('%s', file => {
  const text = read(file);
  const here = join(ROOT, dirname(file));

  it('links to what exists', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(
      match => match[1],
    );
    expect(links.filter(link => !existsSync(join(here, link ?? '')))).toEqual([]);
  });

  it('names source files that exist: by path, or by name in its folder or a test folder', () => {
    const names = [...text.matchAll(/`([\w./-]+\.(?:tsx?|js))`/g)].map(match => match[1] ?? '');
    const missing = names.filter(name => {
      const places = [join(here, name), join(ROOT, name), join(ROOT, 'src', name)];
      if (places.some(place => existsSync(place))) return false;
      const isNear = (source: string) =>
        source.startsWith(`${dirname(file)}/`) || source.startsWith('tests/');
      return !SOURCES.some(source => isNear(source) && basename(source) === name);
    });
    expect(missing).toEqual([]);
  });

  it('names variables that exist', () => {
    const names = [...text.matchAll(/\bDIEMCAU_[A-Z][A-Z0-9_]*[A-Z0-9]\b(?!…)/g)].map(
      ([name]) => name,
    );
    const notSettings = ['DIEMCAU_A_B_C', 'DIEMCAU_CONFIG'];
    const isKnown = (name: string) => isKnownVariable(name) || name.startsWith('DIEMCAU_TEST_');
    expect(names.filter(name => !notSettings.includes(name) && !isKnown(name))).toEqual([]);
  });
});

describe('README.md', () => {
  it('gives every error code with its HTTP status', () => {
    const [, list = ''] = /^Codes: ([\s\S]*?)\. The table/m.exec(README) ?? [];
    const groups = list.split(/(?<=\d),?\s+/).map(group => {
      const codes = [...group.matchAll(/`([a-z-]+)`/g)].map(match => match[1] ?? '');
      return codes.map(code => [code, Number(/\d+/.exec(group)?.[0])] as const);
    });
    const expected = Object.entries(OUTCOMES).map(([code, { httpStatus }]) => [code, httpStatus]);
    expect(groups.flat().sort()).toEqual(expected.sort());
  });

  it('gives the settings’ defaults', () => {
    const variables = settingVariables();
    const rows = [
      ...README.matchAll(/^\| `(DIEMCAU_\w+)`(?: \/ `(DIEMCAU_\w+)`)? \| ([^|]+) \|/gm),
    ];
    expect(rows.length).toBeGreaterThan(10);
    const defaults = SettingsSchema.parse({}) as Record<string, unknown>;
    for (const [, first, second, said = ''] of rows) {
      const names = [first, second].filter(name => name !== undefined);
      const values = said.split(' / ').map(value => value.replaceAll('`', ''));
      for (const [index, name] of names.entries()) {
        const value = at(defaults, variables.get(name)?.path ?? '');
        if (typeof value === 'object' || value === undefined) continue;
        expect(`${name} ${values[index]?.replace(/\/$/, '')}`).toBe(`${name} ${String(value)}`);
      }
    }
  });

  it('names the ports that devices and laptops use', () => {
    const { http, sip, media, rooms } = SettingsSchema.parse({});
    const [, list = ''] = /^Ports to open [^:]*: (.*)\.$/m.exec(README) ?? [];
    expect(list.split(', ')).toEqual([
      `${http.httpsPort}/tcp`,
      `${sip.port}/udp+tcp`,
      `${sip.tls.port}/tcp`,
      `${media.rtpPortMin}–${media.rtpPortMax}/udp (rtpengine)`,
      `${rooms.rtpPortMin}–${rooms.rtpPortMax}/udp (Janus)`,
    ]);
  });
});

function at(value: unknown, path: string): unknown {
  let found = value;
  for (const key of path.split('.')) found = (found as Record<string, unknown> | undefined)?.[key];
  return found;
}
