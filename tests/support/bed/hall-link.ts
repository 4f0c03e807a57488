import { execFileSync } from 'node:child_process';
import { HALL_LINK } from './namespaces.ts';
import { enter } from './place.ts';

export interface LinkQuality {
  /** Share of packets lost each way, 0 to 100. */
  readonly lossPct?: number;
  /** Added each way; needs a kernel with netem. */
  readonly delayMs?: number;
}

/**
 * Loss and delay on the codecs' link, each way; `{}` makes it perfect again.
 * Loss is a firewall rule at each end's ingress, since many kernels come
 * without netem; dropping on the way out would be told to the sender.
 * @throws Error for a delay on a kernel without netem
 */
export function setHallLink({ lossPct = 0, delayMs = 0 }: LinkQuality): void {
  for (const place of ['core', 'hall'] as const) {
    setLoss(place, lossPct);
    setDelay(place, delayMs);
  }
}

function setLoss(place: 'core' | 'hall', lossPct: number): void {
  const perTenThousand = Math.round(lossPct * 100);
  const some = `numgen random mod 10000 < ${perTenThousand} drop`;
  const rules = [
    'table netdev bed_loss', // So that deleting it succeeds the first time, too.
    'delete table netdev bed_loss',
    'table netdev bed_loss {',
    '  chain ingress {',
    `    type filter hook ingress device ${HALL_LINK[place]} priority 0`,
    `    ${perTenThousand >= 10_000 ? 'drop' : some}`,
    '  }',
    '}',
  ];
  run(place, ['nft', '-f', '-'], `${rules.join('\n')}\n`);
}

function setDelay(place: 'core' | 'hall', delayMs: number): void {
  const device = HALL_LINK[place];
  const isDelayed = run(place, ['tc', 'qdisc', 'show', 'dev', device]).includes('netem');
  if (delayMs > 0) {
    const netem = ['netem', 'limit', '20000', 'delay', `${delayMs}ms`];
    run(place, ['tc', 'qdisc', 'replace', 'dev', device, 'root', ...netem]);
  } else if (isDelayed) {
    run(place, ['tc', 'qdisc', 'del', 'dev', device, 'root']);
  }
}

function run(place: 'core' | 'hall', command: readonly string[], input = ''): string {
  const [file, ...args] = [...enter(place), ...command] as [string, ...string[]];
  return execFileSync(file, args, { input, encoding: 'utf8' });
}
