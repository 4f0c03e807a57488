import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startIn } from './bed/place.ts';
import { waitFor } from './wait-for.ts';

export interface Coturn {
  /** Everything it wrote so far. */
  output(): string;
  close(): Promise<void>;
}

/** Debian's coturn in the bed's core, with a secret that it shares with the gateway. */
export async function startCoturn(host: string, secret: string): Promise<Coturn> {
  const folder = mkdtempSync(join(tmpdir(), 'coturn-'));
  const options = {
    'listening-ip': host,
    'relay-ip': host,
    'listening-port': '3478',
    'static-auth-secret': secret,
    realm: 'diemcau',
    userdb: join(folder, 'turndb'),
    pidfile: join(folder, 'pid'),
    'log-file': 'stdout',
  };
  const flags = ['-n', '--use-auth-secret', '--no-cli', '--no-tls', '--no-dtls', '--verbose'];
  const given = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const running = startIn('core', 'turnserver', [...flags, ...given]);
  const close = async () => {
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await waitFor('coturn', () => /TCP listener opened/.test(running.output()));
  } catch (cause) {
    await close();
    throw new Error(`coturn does not start: ${running.output()}`, { cause });
  }
  return { output: () => running.output(), close };
}
