import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';

/** One line on what the figures were measured on. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  const packages = ['janus', 'rtpengine-daemon', 'chromium'].map(debianVersion);
  return [
    `${cpus().length} cores of ${cpu?.model.trim() || 'an unnamed processor'}, ${memoryGib} GiB`,
    `Linux ${release().split('-')[0]}`,
    `Node ${process.versions.node}`,
    ...packages,
  ].join(', ');
}

function debianVersion(name: string): string {
  const args = ['-W', '-f', `\${Version}`, name];
  return `${name} ${execFileSync('dpkg-query', args, { encoding: 'utf8' })}`;
}
