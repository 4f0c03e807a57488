/**
 * Throws damaged input at what reads the network's text:
 * `node tests/fuzz/main.ts [sdp] [sip] [--runs n] [--seed n]`.
 * Without names, every subject there is. Prints the input and exits with 1 at
 * the first broken rule of a subject.
 */
import { existsSync } from 'node:fs';
import { fail, readArguments, runSubject } from './command-line.ts';
import type { FuzzSubject } from './runner.ts';

const SUBJECTS = ['sdp', 'sip'];

const fileOf = (name: string) => new URL(`${name}.ts`, import.meta.url);
const isThere = (name: string) => SUBJECTS.includes(name) && existsSync(fileOf(name));

const options = readArguments(process.argv.slice(2));
for (const name of options.names.length > 0 ? options.names : SUBJECTS.filter(isThere)) {
  if (isThere(name)) {
    const { subject } = (await import(fileOf(name).href)) as { subject: FuzzSubject };
    runSubject(subject, options);
  } else {
    fail(`nothing to fuzz called ${name}`);
  }
}
