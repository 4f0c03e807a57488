import { describeMachine } from '../machine.ts';
import { type Usage, usageOf } from '../processes.ts';
import { progress, table } from '../table.ts';
import { type Contender, DEVICES } from './contender.ts';
import { hasKamailio, startKamailio } from './kamailio.ts';
import { type Load, type LoadKind, runLoad } from './load.ts';
import { type AppKind, sipServerKinds, startOurs } from './our-side.ts';

const WARM_UP = 2000;
const COUNT = 20_000;
const ROUNDS = 3;

interface Row {
  readonly contender: string;
  readonly perSec: readonly number[];
  /** Seconds of one core for a thousand; NaN where the process cannot be seen. */
  readonly serverSec: readonly number[];
  readonly appSec: readonly number[];
  readonly failed: number;
  readonly repeated: number;
}

/**
 * What the SIP edge does in a second of one core: registrations with digest and
 * short calls, our servers beside Kamailio. Servers have the first core, the load the second.
 */
export async function benchSip(options: ReadonlyMap<string, string>): Promise<void> {
  const count = Number(options.get('count') ?? COUNT);
  const load = { count, atOnce: DEVICES };
  const packages = ['sip-tester', ...(hasKamailio() ? ['kamailio'] : [])];
  console.log(
    `On ${describeMachine(packages)};\nserver and application on one core, the load on another:\n`,
  );
  console.log(`${await compare('register', load)}\n`);
  console.log(`${await compare('call', load)}\n`);
  console.log(await powerCut());
}

/** Every contender in turn, round after round, so that all see the same machine. */
async function compare(kind: LoadKind, load: Load): Promise<string> {
  const rows: Row[] = [];
  for (const start of contenders(kind === 'register' ? 'gateway' : 'call-app')) {
    rows.push(await withContender(start, contender => measure(contender, kind, load)));
  }
  const title = kind === 'register' ? 'registrations with digest' : 'INVITE–200–ACK–BYE–200';
  const head = [title, 'per second', 'CPU per 1,000: server', 'application', 'per CPU second'];
  return table([...head, 'failed', 'repeated'], rows.map(cells));
}

/** How many rounds, and the median of each figure. */
async function measure(contender: Contender, kind: LoadKind, load: Load): Promise<Row> {
  await runLoad(kind, contender.sip, { ...load, count: WARM_UP });
  const row = { perSec: [], serverSec: [], appSec: [] } as Record<string, number[]>;
  let failed = 0;
  let repeated = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    progress(`${contender.name}: ${load.count} × ${kind}, round ${round + 1} of ${ROUNDS}`);
    const before = usage(contender);
    const result = await runLoad(kind, contender.sip, load);
    const after = usage(contender);
    const perThousand = (later: Usage, earlier: Usage) =>
      ((later.cpuSec - earlier.cpuSec) * 1000) / result.succeeded;
    row.perSec?.push((result.succeeded * 1000) / result.elapsedMs);
    row.serverSec?.push(perThousand(after.server, before.server));
    row.appSec?.push(perThousand(after.app, before.app));
    failed += result.failed;
    repeated += result.repeated;
  }
  const { perSec = [], serverSec = [], appSec = [] } = row;
  return { contender: contender.name, perSec, serverSec, appSec, failed, repeated };
}

/** All devices of a province at the same moment, on a gateway that has just started. */
async function powerCut(): Promise<string> {
  const rows: string[][] = [];
  for (const start of contenders('gateway')) {
    rows.push(
      await withContender(start, async contender => {
        progress(`${contender.name}: ${DEVICES} devices after a power cut`);
        const load = { count: DEVICES, atOnce: DEVICES };
        const first = await runLoad('register', contender.sip, load);
        const again = await runLoad('register', contender.sip, load);
        const of = ({ succeeded, elapsedMs }: typeof first) =>
          `${succeeded} in ${Math.round(elapsedMs)} ms`;
        return [contender.name, of(first), of(again), String(first.failed + again.failed)];
      }),
    );
  }
  return table([`${DEVICES} devices at once`, 'after the start', 'again', 'refused'], rows);
}

function contenders(app: AppKind): (() => Promise<Contender>)[] {
  const ours = sipServerKinds().map(server => () => startOurs(server, app));
  if (hasKamailio()) return [...ours, startKamailio];
  progress('no Kamailio to compare with: the Debian package kamailio is not installed');
  return ours;
}

async function withContender<T>(
  start: () => Promise<Contender>,
  use: (contender: Contender) => Promise<T>,
): Promise<T> {
  const contender = await start();
  try {
    return await use(contender);
  } finally {
    await contender.close();
  }
}

function usage({ serverPids, appPids }: Contender): { server: Usage; app: Usage } {
  const unseen = { cpuSec: Number.NaN, residentMib: Number.NaN };
  return { server: serverPids.length > 0 ? usageOf(serverPids) : unseen, app: usageOf(appPids) };
}

function cells({ contender, perSec, serverSec, appSec, failed, repeated }: Row): string[] {
  const range = `${Math.round(Math.min(...perSec))}–${Math.round(Math.max(...perSec))}`;
  const totalSec = median(serverSec) + median(appSec);
  return [
    contender,
    `${Math.round(median(perSec))} (${range})`,
    inSec(median(serverSec)),
    inSec(median(appSec)),
    Number.isNaN(totalSec) ? 'not seen' : `${Math.round(1000 / totalSec)}`,
    String(failed),
    String(repeated),
  ];
}

function inSec(valueSec: number): string {
  return Number.isNaN(valueSec) ? 'not seen' : `${valueSec.toFixed(2)} s`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
