import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const LIST = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');
const ROWS = LIST.split('\n').filter(line => /^\| \d/.test(line));

describe('the list of docs/security.md', () => {
  it('names tests that are there, by file and words of their name', () => {
    const named = [...LIST.matchAll(/`(tests\/[\w./-]+\.test\.ts)` “([^“”]+)”/g)];
    expect(named.length).toBeGreaterThan(40);
    const missing = named.filter(([, file = '', words = '']) => {
      return !readFileSync(join(ROOT, file), 'utf8').includes(words);
    });
    expect(missing.map(([text]) => text)).toEqual([]);
  });

  it('says of each requirement whether it is met, and how or why not', () => {
    expect(ROWS.length).toBeGreaterThan(80);
    for (const row of ROWS)
      expect(row).toMatch(/^\| [\d., –]+ \| [^|]+ \| (?:yes|part|no|n\/a) \| [^|]{3,} \|$/);
  });

  it.each([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])('has chapter V%d', chapter => {
    expect(ROWS.filter(row => row.startsWith(`| ${chapter}.`)).length).toBeGreaterThan(0);
  });
});
