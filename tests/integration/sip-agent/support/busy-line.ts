import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket, connect as tcpConnect } from 'node:net';
import type { TestServer } from './server.ts';

/** The way from a server to an application that is busy: it reads all that came at once, later. */
export interface BusyLine {
  /** What the application connects to. */
  readonly app: TestServer['app'];
  /** From now on the application hears nothing. */
  hold(): void;
  /** Waits until this was said meanwhile. */
  holds(text: string): Promise<void>;
  /** All of it comes in one read. */
  release(): void;
  close(): void;
}

export async function busyLine(server: TestServer['app']): Promise<BusyLine> {
  const sockets: Socket[] = [];
  let held: Buffer | undefined;
  let onHeld: () => void = () => undefined;
  let app: Socket | undefined;
  const listener = createServer(socket => {
    const up = tcpConnect(server);
    app = socket;
    for (const one of [socket, up]) {
      one.setNoDelay(true);
      one.on('error', () => undefined); // the other end went first
      sockets.push(one);
    }
    socket.on('data', chunk => up.write(chunk));
    up.on('data', chunk => {
      if (!held) return void socket.write(chunk);
      held = Buffer.concat([held, chunk]);
      onHeld();
    });
  });
  listener.listen(0, server.host);
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return {
    app: { ...server, port },
    hold: () => {
      held = Buffer.alloc(0);
    },
    holds: text =>
      new Promise(resolve => {
        onHeld = () => {
          if (held?.includes(text)) resolve();
        };
        onHeld();
      }),
    release: () => {
      if (held) app?.write(held);
      held = undefined;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
    },
  };
}
