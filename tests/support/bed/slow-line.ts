import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../wait-for.ts';
import { routeOffice } from './office-link.ts';
import { run } from './packet-loss.ts';
import { type Placed, startIn } from './place.ts';

/** Chromium takes what is called so for no network of its own. */
const DEVICE = 'tunslow';
const TUN = `TUN,tun-name=${DEVICE},iff-no-pi,iff-up`;

/**
 * A second line between the browsers and the system, over which packets take longer: for kernels
 * without netem. Each end is a TUN device of socat's; between them packets wait in this process.
 */
export class SlowLine {
  readonly #folder: string;
  readonly #ends: readonly Placed[];
  readonly #sockets: readonly Socket[];
  #isUsed = false;

  private constructor(folder: string, ends: readonly Placed[], sockets: readonly Socket[]) {
    this.#folder = folder;
    this.#ends = ends;
    this.#sockets = sockets;
  }

  /** Makes the line; nothing goes over it yet. The caller closes it. */
  static async open(delayMs: number): Promise<SlowLine> {
    const folder = mkdtempSync(join(tmpdir(), 'slow-line-'));
    const [core, office] = [await boundSocket(), await boundSocket()];
    const [coreEnd, officeEnd] = [await freePort(), await freePort()];
    forward(core, office, officeEnd, delayMs);
    forward(office, core, coreEnd, delayMs);
    const udp = (socket: Socket, sourcePort: number) =>
      `UDP4:127.0.0.1:${socket.address().port},sourceport=${sourcePort}`;
    // Unix sockets know no network namespaces: the way from one into the other.
    const [here, there] = [join(folder, 'core'), join(folder, 'office')];
    const ends = [
      startIn('core', 'socat', [TUN, udp(core, coreEnd)]),
      startIn('core', 'socat', [`UNIX-SENDTO:${there},bind=${here}`, udp(office, officeEnd)]),
      startIn('office', 'socat', [TUN, `UNIX-SENDTO:${here},bind=${there}`]),
    ];
    const line = new SlowLine(folder, ends, [core, office]);
    for (const place of ['core', 'office'] as const)
      await waitFor(`${DEVICE} in ${place}`, () => isUp(place)).catch(async err => {
        await line.close();
        throw new Error(ends.map(end => end.output()).join('\n'), { cause: err });
      });
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

function forward(from: Socket, to: Socket, port: number, delayMs: number): void {
  from.on('message', packet => {
    setTimeout(() => {
      // A line that is being closed loses what is still on its way.
      to.send(packet, port, '127.0.0.1', () => undefined);
    }, delayMs).unref();
  });
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

function isUp(place: 'core' | 'office'): boolean {
  return run(place, ['ip', 'link', 'show', 'dev', DEVICE, 'up']).includes(DEVICE);
}
