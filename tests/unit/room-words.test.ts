import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '../../src/web/shared/locales/en.ts';

const FOLDER = join(import.meta.dirname, '../../src/web/room');

function wordsAt(path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], en);
}

describe('words of the room', () => {
  const used = globSync('**/*.{ts,tsx}', { cwd: FOLDER }).flatMap(file => {
    const source = readFileSync(join(FOLDER, file), 'utf8');
    return [...source.matchAll(/\b(?:t\(|key: )'([\w.-]+\.[\w.-]+)'/g)].map(([, key = '']) => key);
  });

  it('are there wherever one is asked for by name', () => {
    expect(used.length).toBeGreaterThan(100);
    const missing = used.filter(
      key => typeof (wordsAt(key) ?? wordsAt(`${key}_other`)) !== 'string',
    );
    expect(missing).toEqual([]);
  });
});
