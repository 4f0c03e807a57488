import { z } from 'zod';

const Statistics = z.looseObject({
  interfaces: z.array(
    z.looseObject({ ports: z.looseObject({ used: z.number(), totals: z.number() }) }),
  ),
});

/** UDP ports of all of rtpengine's interfaces together. */
export interface PortUse {
  readonly used: number;
  readonly of: number;
}

/** Reads `statistics`; undefined when the reply does not tell of ports. */
export function readPortUse(reply: unknown): PortUse | undefined {
  const parsed = Statistics.safeParse(reply);
  if (!parsed.success) return undefined;
  const ports = parsed.data.interfaces.map(one => one.ports);
  const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
  return { used: sum(ports.map(({ used }) => used)), of: sum(ports.map(({ totals }) => totals)) };
}
