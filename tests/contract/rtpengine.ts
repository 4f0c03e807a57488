import { Client } from 'rtpengine-client';
import { type RealEngines, SILENT_LOG } from './engines.ts';

/** How the adapter is told where rtpengine is. */
export function relayOptions({ settings }: RealEngines) {
  const { ngHost: host, ngPort: port, requestTimeoutMs } = settings.media;
  return { ng: { host, port }, requestTimeoutMs, log: SILENT_LOG };
}

/** Calls that rtpengine holds, asked by another client than ours. */
export async function heldByRtpengine({ settings }: RealEngines): Promise<number> {
  const client = new Client({ timeout: 3000 });
  try {
    const target = { host: settings.media.ngHost, port: settings.media.ngPort };
    const reply = (await client.list(target, { limit: '1000' })) as { calls: string[] };
    return reply.calls.length;
  } finally {
    client.close();
  }
}
