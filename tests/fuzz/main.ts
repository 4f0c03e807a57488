/**
 * Throws damaged input at what reads the network's text:
 * `node tests/fuzz/main.ts [sdp] [sip] [api] [--runs n] [--seed n]`.
 * Without names, every subject that needs no server. Prints the input and exits with 1 at
 * the first broken rule of a subject.
 */
import { existsSync } from 'node:fs';
import { type FuzzArguments, fail, readArguments, runSubject } from './command-line.ts';
import type { FuzzSubject } from './runner.ts';

const SUBJECTS = ['sdp', 'sip'];
/** Asked over a socket, one request after the other: only when named. */
const ASKED = ['api'];

const fileOf = (name: string) => new URL(`${name}.ts`, import.meta.url);
const isThere = (name: string) => SUBJECTS.includes(name) && existsSync(fileOf(name));

const options = readArguments(process.argv.slice(2));
for (const name of options.names.length > 0 ? options.names : SUBJECTS.filter(isThere)) {
  if (isThere(name)) {
    const { subject } = (await import(fileOf(name).href)) as { subject: FuzzSubject };
    runSubject(subject, options);
  } else if (ASKED.includes(name)) {
    const { run } = (await import(fileOf(name).href)) as {
      run(options: FuzzArguments): Promise<void>;
    };
    await run(options);
  } else {
    fail(`nothing to fuzz called ${name}`);
  }
}
