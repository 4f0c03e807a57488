import { execFileSync } from 'node:child_process';
import type { Place } from './namespaces.ts';
import { enter } from './place.ts';

/**
 * Loses a share, 0 to 100, of what comes in at a device. A firewall rule at the ingress, since
 * many kernels come without netem; dropping on the way out would be told to the sender.
 */
export function setLoss(place: Place, device: string, lossPct: number): void {
  const perTenThousand = Math.round(lossPct * 100);
  const some = `numgen random mod 10000 < ${perTenThousand} drop`;
  setIngress(place, device, perTenThousand >= 10_000 ? 'drop' : some);
}

/** One rule for what comes in at a device, in the place of the one before. */
export function setIngress(place: Place, device: string, rule: string): void {
  const rules = [
    'table netdev bed_loss', // So that deleting it succeeds the first time, too.
    'delete table netdev bed_loss',
    'table netdev bed_loss {',
    '  chain ingress {',
    `    type filter hook ingress device ${device} priority 0`,
    `    ${rule}`,
    '  }',
    '}',
  ];
  run(place, ['nft', '-f', '-'], `${rules.join('\n')}\n`);
}

/** Runs a command in a place of the bed to its end. */
export function run(place: Place, command: readonly string[], input = ''): string {
  const [file, ...args] = [...enter(place), ...command] as [string, ...string[]];
  return execFileSync(file, args, { input, encoding: 'utf8' });
}
