import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorTable } from '../../../scripts/error-table.ts';
import { ERROR_WORDS } from '../../../src/contract/error-words.ts';
import { OUTCOMES } from '../../../src/domain/errors.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

describe('the words of errors', () => {
  it('are there for every code, and for no other', () => {
    expect(Object.keys(ERROR_WORDS).sort()).toEqual(Object.keys(OUTCOMES).sort());
  });

  it.each(Object.entries(ERROR_WORDS))('%s: what it means and what to do, twice', (_, words) => {
    for (const { vi, en } of [words.meaning, words.nextStep]) {
      for (const sentence of [vi, en]) {
        expect(sentence).toMatch(/^\S.*\.$/);
        expect(sentence).not.toContain('|');
      }
      expect(vi).not.toBe(en);
    }
  });

  it('stand in docs/errors.md as they are; “npm run -s docs:errors > docs/errors.md” writes it', () => {
    expect(readFileSync(join(ROOT, 'docs/errors.md'), 'utf8')).toBe(errorTable());
  });
});
