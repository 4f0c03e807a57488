import { HALL_LINK } from './namespaces.ts';
import { run, setLoss } from './packet-loss.ts';

export interface LinkQuality {
  /** Share of packets lost each way, 0 to 100. */
  readonly lossPct?: number;
  /** Added each way; needs a kernel with netem. */
  readonly delayMs?: number;
}

/**
 * Loss and delay on the codecs' link, each way; `{}` makes it perfect again.
 * @throws Error for a delay on a kernel without netem
 */
export function setHallLink({ lossPct = 0, delayMs = 0 }: LinkQuality): void {
  for (const place of ['core', 'hall'] as const) {
    setLoss(place, HALL_LINK[place], lossPct);
    setDelay(place, delayMs);
  }
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
