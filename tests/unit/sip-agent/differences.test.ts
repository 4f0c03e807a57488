import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DIFFERENCES } from '../../integration/sip-agent/support/differences.ts';

const SUITE = join(import.meta.dirname, '../../integration/sip-agent');

/** Titles of the suite with `%s` and the like, and what its tables put there. */
const source = readdirSync(SUITE)
  .filter(name => name.endsWith('.test.ts'))
  .map(name => readFileSync(join(SUITE, name), 'utf8'))
  .join('\n');

test.each(Object.keys(DIFFERENCES))('%s: there is such a test', title => {
  const titles = [...source.matchAll(/'([^'\n]+)'/g)].map(([, text = '']) => text);
  const isTitle = (text: string) =>
    new RegExp(`^${text.replaceAll(/%[sd]/g, '.+')}$`).test(title) &&
    text.replace(/%[sd]/g, '') !== '';
  expect(titles.some(text => text === title || (text.includes('%') && isTitle(text)))).toBe(true);
});
