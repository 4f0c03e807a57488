import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCertificate } from '../../src/config/certificate.ts';
import { startIn } from './bed/place.ts';
import { waitFor } from './wait-for.ts';

export interface Coturn {
  /** Everything it wrote so far. */
  output(): string;
  close(): Promise<void>;
}

/**
 * Debian's coturn in the bed's core, with a secret that it shares with the gateway. It listens on all
 * addresses there, and relays from one.
 *
 * @param tlsPort where it speaks TLS, with a certificate of its own; by TCP alone when not given
 */
export async function startCoturn(
  relayHost: string,
  secret: string,
  { tlsPort }: { readonly tlsPort?: number } = {},
): Promise<Coturn> {
  const folder = mkdtempSync(join(tmpdir(), 'coturn-'));
  const options = {
    'relay-ip': relayHost,
    'listening-port': '3478',
    'static-auth-secret': secret,
    realm: 'diemcau',
    userdb: join(folder, 'turndb'),
    pidfile: join(folder, 'pid'),
    'log-file': 'stdout',
    ...(tlsPort !== undefined && (await tlsOptions(folder, relayHost, tlsPort))),
  };
  const plain = tlsPort === undefined ? ['--no-tls'] : [];
  const flags = ['-n', '--use-auth-secret', '--no-cli', ...plain, '--no-dtls', '--verbose'];
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

async function tlsOptions(folder: string, host: string, port: number) {
  await ensureCertificate({ dataDir: folder, publicHost: host, http: { port: 0, httpsPort: 0 } });
  const file = (name: string) => join(folder, 'tls', name);
  return { 'tls-listening-port': String(port), cert: file('cert.pem'), pkey: file('key.pem') };
}
