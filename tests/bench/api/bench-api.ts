import { type ChildProcess, fork } from 'node:child_process';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { describeMachine } from '../machine.ts';
import { usageOf } from '../processes.ts';
import { progress, quantile, table } from '../table.ts';
import { epochMs, type FromServer, type ToServer } from './messages.ts';

const REQUESTS = 3_000;
const WARM_UP = 300;
const AT_ONCE = 10;
const ROUNDS = 3;
const WATCHERS = 200;
const CHANGES = 20;
const CHANGE_EVERY_MS = 1_000;
const LIST = '/sites?limit=200';

type Ready = Extract<FromServer, { type: 'ready' }>;

interface Contender {
  readonly name: string;
  readonly child: ChildProcess;
  readonly ready: Ready;
}

/**
 * The list of 150 sites with their live state, and 200 pages that watch a meeting of 24 halls;
 * beside a bare express server that sends the same bytes. Server and load share the machine.
 */
export async function benchApi(options: ReadonlyMap<string, string>): Promise<void> {
  const requests = Number(options.get('requests') ?? REQUESTS);
  const changes = Number(options.get('changes') ?? CHANGES);
  const office = await start('diemcau', 'office-server.ts');
  const bare = await start('express and ws, the same bytes', 'bare-server.ts');
  try {
    const update = await firstUpdate(office);
    const list = await bodyOf(office);
    tell(bare, { type: 'bytes', list, update });
    console.log(`On ${describeMachine([])}; server and load on the same machine.\n`);
    console.log(`${await compareLists([office, bare], requests, list.length)}\n`);
    console.log(await compareWatchers([office, bare], changes, update.length));
  } finally {
    for (const { child } of [office, bare]) child.kill();
  }
}

async function compareLists(
  contenders: readonly Contender[],
  requests: number,
  bytes: number,
): Promise<string> {
  const rows: string[][] = [];
  for (const contender of contenders) {
    await load(contender, WARM_UP);
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      progress(`${contender.name}: ${requests} lists, round ${round + 1} of ${ROUNDS}`);
      rounds.push(await measured(contender, () => load(contender, requests)));
    }
    const times = rounds.flatMap(({ result }) => result);
    const perSec = rounds.map(({ elapsedSec }) => requests / elapsedSec);
    const cpuSec = rounds.map(({ cpuSec }) => (cpuSec * 1_000) / requests);
    rows.push([
      contender.name,
      quantile(perSec, 0.5).toFixed(0),
      `${quantile(times, 0.5).toFixed(1)} ms`,
      `${quantile(times, 0.95).toFixed(1)} ms`,
      `${quantile(cpuSec, 0.5).toFixed(2)} s`,
    ]);
  }
  const title = `150 sites (${Math.round(bytes / 1024)} KiB), ${AT_ONCE} at once`;
  return table([title, 'per second', 'p50', 'p95', 'CPU per 1,000'], rows);
}

async function compareWatchers(
  contenders: readonly Contender[],
  changes: number,
  bytes: number,
): Promise<string> {
  const rows: string[][] = [];
  for (const contender of contenders) {
    progress(`${contender.name}: ${WATCHERS} watchers, ${changes} changes`);
    const pages = await Promise.all(Array.from({ length: WATCHERS }, () => Page.open(contender)));
    await sleep(2_000);
    const idle = await measured(contender, () => sleep(changes * CHANGE_EVERY_MS));
    const busy = await measured(contender, () => changeAll(contender, pages, changes));
    const delays = busy.result;
    const percent = ({ cpuSec, elapsedSec }: typeof idle | typeof busy) =>
      `${((100 * cpuSec) / elapsedSec).toFixed(1)} %`;
    rows.push([
      contender.name,
      `${quantile(delays, 0.5).toFixed(0)} ms`,
      `${quantile(delays, 0.95).toFixed(0)} ms`,
      `${quantile(delays, 1).toFixed(0)} ms`,
      percent(idle),
      percent(busy),
      `${delays.length} of ${changes * WATCHERS}`,
    ]);
    for (const page of pages) page.close();
  }
  const title = `${WATCHERS} watchers, a change each second (${(bytes / 1024).toFixed(1)} KiB)`;
  const cpu = ['CPU of a core, idle', 'with changes'];
  return table([title, 'p50', 'p95', 'longest', ...cpu, 'told'], rows);
}

/** Times from each change to each page that was told of it, in ms. */
async function changeAll(
  contender: Contender,
  pages: readonly Page[],
  changes: number,
): Promise<number[]> {
  const delays: number[] = [];
  for (let n = 0; n < changes; n += 1) {
    for (const page of pages) page.heardAtMs = undefined;
    const next = sleep(CHANGE_EVERY_MS);
    tell(contender, { type: 'change', n });
    const changed = await heard(contender, 'changed');
    await next;
    for (const { heardAtMs } of pages) if (heardAtMs) delays.push(heardAtMs - changed.atMs);
  }
  return delays;
}

class Page {
  readonly #socket: WebSocket;
  /** When it was last told something. */
  heardAtMs: number | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', () => {
      this.heardAtMs ??= epochMs();
    });
  }

  static async open({ ready }: Contender): Promise<Page> {
    const socket = await openSocket(ready);
    watchMeeting(socket, ready);
    return new Page(socket);
  }

  close(): void {
    this.#socket.terminate();
  }
}

function openSocket({ wsUrl, token }: Ready): Promise<WebSocket> {
  const socket = new WebSocket(wsUrl, { headers: { authorization: `Bearer ${token}` } });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

function watchMeeting(socket: WebSocket, { conferenceId }: Ready): void {
  socket.send(JSON.stringify({ type: 'watch', topics: [`meeting:${conferenceId}`] }));
}

async function firstUpdate({ ready }: Contender): Promise<string> {
  const socket = await openSocket(ready);
  const update = new Promise<string>(resolve => {
    socket.once('message', data => resolve(String(data)));
  });
  watchMeeting(socket, ready);
  const text = await update;
  socket.terminate();
  return text;
}

async function bodyOf({ ready }: Contender): Promise<string> {
  const headers = { authorization: `Bearer ${ready.token}` };
  const answer = await fetch(ready.url + LIST, { headers });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.text();
}

/** Asks for the list so often, `AT_ONCE` at a time; gives how long each took, in ms. */
async function load({ ready }: Contender, requests: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const headers = { authorization: `Bearer ${ready.token}` };
  const times: number[] = [];
  let left = requests;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const beganAtMs = performance.now();
      await new Promise<void>((resolve, reject) => {
        get(ready.url + LIST, { agent, headers }, answer => {
          if (answer.statusCode !== 200) reject(new Error(`HTTP ${answer.statusCode}`));
          answer.resume().once('end', resolve);
        }).once('error', reject);
      });
      times.push(performance.now() - beganAtMs);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  agent.destroy();
  return times;
}

/** What the server's process took for it. */
async function measured<T>({ child }: Contender, step: () => Promise<T>) {
  const pids = [child.pid ?? 0];
  const [before, beganAtMs] = [usageOf(pids).cpuSec, performance.now()];
  const result = await step();
  const elapsedSec = (performance.now() - beganAtMs) / 1_000;
  return { result, elapsedSec, cpuSec: usageOf(pids).cpuSec - before };
}

async function start(name: string, file: string): Promise<Contender> {
  const child = fork(join(import.meta.dirname, file), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ready = await heard({ child }, 'ready');
  return { name, child, ready };
}

function heard<T extends FromServer['type']>(
  { child }: Pick<Contender, 'child'>,
  type: T,
): Promise<Extract<FromServer, { type: T }>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a server ended with ${code}`));
    const onMessage = (message: unknown) => {
      if ((message as FromServer).type !== type) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(message as Extract<FromServer, { type: T }>);
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}

function tell({ child }: Contender, message: ToServer): void {
  child.send(message);
}
