import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';

/** One line on what the figures were measured on, with the versions of Debian packages. */
export function describeMachine(debianPackages: readonly string[]): string {
  const [cpu] = cpus();
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  return [
    `${cpus().length} cores of ${cpu?.model.trim() || 'an unnamed processor'}, ${memoryGib} GiB`,
    `Linux ${release().split('-')[0]}`,
    `Node ${process.versions.node}`,
    ...debianPackages.map(debianVersion),
  ].join(', ');
}

function debianVersion(name: string): string {
  const args = ['-W', '-f', `\${Version}`, name];
  return `${name} ${execFileSync('dpkg-query', args, { encoding: 'utf8' })}`;
}
