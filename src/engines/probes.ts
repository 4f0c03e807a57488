import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { z } from 'zod';
import { abortable } from '../util/abort.ts';

const ServerInfo = z.object({
  janus: z.literal('server_info'),
  plugins: z.record(z.string(), z.unknown()),
});

/** Resolves when Janus answers `info` and has these plugins loaded. */
export async function probeJanus(
  url: string,
  plugins: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const socket = new WebSocket(url, 'janus-protocol');
  try {
    await abortable(opened(socket), signal);
    const answer = once(socket, 'message', { signal });
    socket.send(JSON.stringify({ janus: 'info', transaction: randomUUID() }));
    const [event] = (await answer) as [MessageEvent];
    const info = ServerInfo.parse(JSON.parse(String(event.data)));
    const missing = plugins.filter(plugin => !(plugin in info.plugins));
    if (missing.length > 0) throw new Error(`without ${missing.join(', ')}`);
  } finally {
    socket.close();
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`no WebSocket at ${socket.url}`)));
  });
}

/** Resolves when rtpengine answers `ping` on its ng port; the messages are bencoded. */
export async function probeRtpengine(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<void> {
  const socket = createSocket('udp4');
  try {
    const answer = once(socket, 'message', { signal });
    socket.connect(port, host, () => socket.send(`${randomUUID()} d7:command4:pinge`));
    const [reply] = (await answer) as [Buffer];
    if (!reply.includes('4:pong')) throw new Error(`answered ${reply.toString('latin1')}`);
  } finally {
    socket.close();
  }
}

/** Resolves when something accepts TCP connections there. */
export async function probeTcp(host: string, port: number, signal: AbortSignal): Promise<void> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal });
  } finally {
    socket.destroy();
  }
}

/** Resolves when the page answers 200; rejects with the status and the body's beginning. */
export async function probeHttp(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { signal });
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} answers ${response.status} ${body.slice(0, 500)}`);
}
