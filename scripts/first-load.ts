/** Prints how much script each built page loads before it does anything, gzipped; the room's aim is 300 kB. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const ROOT = 'dist/web';
const SCRIPT = /(?:src|href)="\/(assets\/[^"]+\.js)"/g;

for (const page of globSync(`${ROOT}/*.html`).toSorted()) {
  const scripts = [...readFileSync(page, 'utf8').matchAll(SCRIPT)].map(([, file]) => file ?? '');
  const bytes = scripts.map(file => gzipSync(readFileSync(join(ROOT, file))).length);
  const total = bytes.reduce((sum, one) => sum + one, 0);
  console.log(`${basename(page)}: ${Math.round(total / 1000)} kB of script at first, gzipped`);
}
