import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('no code changes or deletes what stands in the audit log', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' });
  const found = sources
    .filter(name => name.endsWith('.ts'))
    .filter(name => {
      const text = readFileSync(join('src', name), 'utf8');
      return /(?:updateTable|deleteFrom|replaceInto|mergeInto|dropTable)\(\s*['"]audit['"]/.test(
        text,
      );
    });
  expect(found).toEqual([]);
});
