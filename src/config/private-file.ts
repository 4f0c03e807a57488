import { chmodSync, renameSync, writeFileSync } from 'node:fs';

/** Writes a file that only its owner can read, in one step, so that no reader sees half of it. */
export function writePrivateFile(file: string, content: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}
