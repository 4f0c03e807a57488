import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');

/**
 * The rings of the architecture, from the inside out: a part imports from
 * rings further in, and within its ring only from parts it is allowed to.
 */
const RINGS: readonly (readonly string[])[] = [
  ['util', 'domain', 'sdp', 'contract'],
  ['config', 'observability'],
  [
    'calls',
    'conferences',
    'sites',
    'meetings',
    'watch',
    'jobs',
    'imports',
    'webhooks',
    'people',
    'records',
  ],
  ['sip', 'h323', 'media', 'bridge', 'stage-client', 'store', 'api', 'oidc', 'prompts'],
  // And every file that lies in `src` itself.
  ['engines', 'seed'],
];

/** Rings whose parts may import each other; adapters never do. */
const FRIENDLY_RINGS = [0, 1, 2, 4];

/** Processes and pages of their own: what they may import, besides themselves. */
const APART: Record<string, readonly string[]> = {
  'sip-agent': [...(RINGS[0] ?? []), ...(RINGS[1] ?? [])],
  'h323-agent': [...(RINGS[0] ?? []), ...(RINGS[1] ?? [])],
  stage: [...(RINGS[0] ?? []), ...(RINGS[1] ?? [])],
  web: ['contract'],
};

/** `main.ts` starts every process. */
const STARTED_BY_MAIN = Object.keys(APART).filter(part => part !== 'web');

describe('imports', () => {
  const files = sourceFiles();

  test('are found at all', () => {
    expect(files.flatMap(importedParts).length).toBeGreaterThan(50);
  });

  test.each(files)('of %s point inward', file => {
    const from = partOf(file);
    const wrong = importedParts(file).filter(to => !mayImport(from, to));
    expect(wrong).toEqual([]);
  });
});

describe('the rule itself', () => {
  test.each([
    ['calls', 'domain', true],
    ['calls', 'conferences', true],
    ['calls', 'media', false],
    ['sip', 'calls', true],
    ['sip', 'media', false],
    ['api', 'config', true],
    ['domain', 'config', false],
    ['stage', 'config', true],
    ['stage', 'calls', false],
    ['gateway.ts', 'stage', false],
    ['main.ts', 'stage', true],
    ['web', 'contract', true],
    ['web', 'domain', false],
    ['calls', 'unheard-of', false],
  ])('%s importing %s: %s', (from, to, allowed) => {
    expect(mayImport(from, to)).toBe(allowed);
  });
});

function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  const apart = APART[from];
  if (apart) return apart.includes(to);
  if (from === 'main.ts' && STARTED_BY_MAIN.includes(to)) return true;
  const [fromRing, toRing] = [ringOf(from), ringOf(to)];
  if (fromRing < 0 || toRing < 0) return false;
  return toRing < fromRing || (toRing === fromRing && FRIENDLY_RINGS.includes(fromRing));
}

function ringOf(part: string): number {
  if (part.endsWith('.ts')) return RINGS.length - 1;
  return RINGS.findIndex(ring => ring.includes(part));
}

/** Parts a file imports by path, types and dynamic imports included. */
function importedParts(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  const specifiers = text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"](\.[^'"]+)['"]/g);
  return [...specifiers].map(([, path = '']) => {
    return partOf(relative(SRC, resolve(SRC, dirname(file), path)));
  });
}

/** `calls/admit.ts` is of `calls`; a file at the top is a part of its own. */
function partOf(file: string): string {
  return file.split('/')[0] ?? file;
}

function sourceFiles(): string[] {
  const names = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  return names.filter(name => /\.tsx?$/.test(name)).sort();
}
