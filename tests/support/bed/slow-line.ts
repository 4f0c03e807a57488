import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../wait-for.ts';
import { routeOffice } from './office-link.ts';
import { run } from './packet-loss.ts';
import { type Placed, startIn } from './place.ts';

/** Chromium takes what is called so for no network of its own. */
const DEVICE = 'tunslow';
const BOTH = ['core', 'office'] as const;
const TUN = `TUN,tun-name=${DEVICE},iff-no-pi`;

/** What a line is like; both may be changed while it is used. */
export interface LineLimits {
  /** Each way. */
  delayMs: number;
  /** From the browsers to the system; as much as comes when not given. */
  upstreamBps?: number | undefined;
}

/** As much as a cheap router keeps; what comes after it is lost. */
const BACKLOG_MS = 200;

/**
 * A second line between the browsers and the system, over which packets take longer, or of which
 * fewer go through: for kernels without netem. Each end is a TUN device of socat's; between them packets wait in this process.
 */
export class SlowLine {
  readonly #folder: string;
  readonly #ends: readonly Placed[];
  readonly #sockets: readonly Socket[];
  /** As it is now. */
  readonly limits: LineLimits;
  #isUsed = false;

  private constructor(
    folder: string,
    ends: readonly Placed[],
    { sockets, limits }: { readonly sockets: readonly Socket[]; readonly limits: LineLimits },
  ) {
    this.limits = limits;
    this.#folder = folder;
    this.#ends = ends;
    this.#sockets = sockets;
  }

  /** Makes the line; nothing goes over it yet. The caller closes it. */
  static async open(limits: LineLimits): Promise<SlowLine> {
    const folder = mkdtempSync(join(tmpdir(), 'slow-line-'));
    const [core, office] = [await boundSocket(), await boundSocket()];
    const [coreEnd, officeEnd] = [await freePort(), await freePort()];
    forward(core, office, officeEnd, () => limits.delayMs);
    const wait = queue(limits);
    forward(office, core, coreEnd, bytes => limits.delayMs + wait(bytes));
    const udp = (socket: Socket, sourcePort: number) =>
      `UDP4:127.0.0.1:${socket.address().port},sourceport=${sourcePort}`;
    // Unix sockets know no network namespaces: the way from one into the other.
    const [here, there] = [join(folder, 'core'), join(folder, 'office')];
    const ends = [
      startIn('core', 'socat', [TUN, udp(core, coreEnd)]),
      startIn('core', 'socat', [`UNIX-SENDTO:${there},bind=${here}`, udp(office, officeEnd)]),
      startIn('office', 'socat', [TUN, `UNIX-SENDTO:${here},bind=${there}`]),
    ];
    const line = new SlowLine(folder, ends, { sockets: [core, office], limits });
    // A packet before both ends listen would be the end of the one that sends it.
    const isReady = () => [here, there].every(existsSync) && BOTH.every(hasDevice);
    await waitFor(`${DEVICE} at both ends`, isReady).catch(async cause => {
      await line.close();
      throw new Error(ends.map(end => end.output()).join('\n'), { cause });
    });
    for (const place of BOTH) {
      run(place, ['sh', '-c', `echo 1 >/proc/sys/net/ipv6/conf/${DEVICE}/disable_ipv6`]);
      run(place, ['ip', 'link', 'set', 'dev', DEVICE, 'up']);
    }
    return line;
  }

  /** Everything between browsers and system goes over it, or over the cable again. */
  use(isUsed: boolean): void {
    if (isUsed === this.#isUsed) return;
    this.#isUsed = isUsed;
    routeOffice(isUsed ? DEVICE : undefined);
  }

  async close(): Promise<void> {
    for (const end of this.#ends) await end.stop();
    for (const socket of this.#sockets) socket.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** @param delayMsOf of a packet of so many bytes; infinite when it is lost */
function forward(
  from: Socket,
  to: Socket,
  port: number,
  delayMsOf: (bytes: number) => number,
): void {
  from.on('message', packet => {
    const delayMs = delayMsOf(packet.length);
    if (delayMs === Number.POSITIVE_INFINITY) return;
    setTimeout(() => {
      // A line that is being closed loses what is still on its way.
      to.send(packet, port, '127.0.0.1', () => undefined);
    }, delayMs).unref();
  });
}

/** How long a packet waits for those before it; a queue that is full loses it. */
function queue(limits: LineLimits): (bytes: number) => number {
  let freeAtMs = 0;
  return bytes => {
    if (limits.upstreamBps === undefined) return 0;
    const nowMs = performance.now();
    const startMs = Math.max(nowMs, freeAtMs);
    if (startMs - nowMs > BACKLOG_MS) return Number.POSITIVE_INFINITY;
    freeAtMs = startMs + (bytes * 8 * 1000) / limits.upstreamBps;
    return freeAtMs - nowMs;
  };
}

async function boundSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

async function freePort(): Promise<number> {
  const socket = await boundSocket();
  const { port } = socket.address();
  socket.close();
  return port;
}

function hasDevice(place: (typeof BOTH)[number]): boolean {
  return run(place, ['ip', '-o', 'link', 'show', 'type', 'tun']).includes(DEVICE);
}
