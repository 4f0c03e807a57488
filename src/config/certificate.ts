import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writePrivateFile } from './private-file.ts';
import type { Settings } from './schema.ts';

/** Certificate and private key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const VALID_YEARS = 10;

/**
 * What https is served with: the configured files, else a certificate of our
 * own in the data folder, made on first start and again when `publicHost`
 * is no longer in it.
 *
 * @throws Error when a configured file cannot be read
 */
export async function ensureCertificate(
  settings: Pick<Settings, 'dataDir' | 'publicHost' | 'http'>,
): Promise<Certificate> {
  return given(settings.http) ?? generated(settings, '', 'ec');
}

/**
 * What SIP over TLS is served with: its own files, else those of https, else a
 * generated one of its own. That has an RSA key: room codecs of ten years ago
 * know no other, and two processes do not write the same files.
 *
 * @throws Error when a configured file cannot be read
 */
export async function ensureSipCertificate(
  settings: Pick<Settings, 'dataDir' | 'publicHost' | 'http' | 'sip'>,
): Promise<Certificate> {
  return given(settings.sip) ?? given(settings.http) ?? generated(settings, 'sip-', 'rsa');
}

function given(files: {
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}): Certificate | undefined {
  const { certFile, keyFile } = files;
  return certFile && keyFile ? read(certFile, keyFile) : undefined;
}

async function generated(
  { dataDir, publicHost }: Pick<Settings, 'dataDir' | 'publicHost'>,
  prefix: string,
  keyType: 'ec' | 'rsa',
): Promise<Certificate> {
  const folder = join(dataDir, 'tls');
  const files = [join(folder, `${prefix}cert.pem`), join(folder, `${prefix}key.pem`)] as const;
  const stored = files.every(existsSync) ? read(...files) : undefined;
  if (stored && isUsable(stored, publicHost)) return stored;
  const made = await selfSigned(publicHost, keyType);
  mkdirSync(folder, { recursive: true });
  writePrivateFile(files[1], made.key);
  writeFileSync(files[0], made.cert);
  return made;
}

function read(certFile: string, keyFile: string): Certificate {
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

function isUsable({ cert }: Certificate, host: string): boolean {
  try {
    const parsed = new X509Certificate(cert);
    return parsed.checkIP(host) !== undefined && new Date(parsed.validTo) > new Date();
  } catch {
    return false; // Half written or not PEM: it is ours, so it is made again.
  }
}

/** Names in it: `publicHost`, localhost and the machine's name; RFC 5280 §4.2.1.6. */
async function selfSigned(publicHost: string, keyType: 'ec' | 'rsa'): Promise<Certificate> {
  // Loaded only now: it is large, and every process reads this folder.
  const { generate } = await import('selfsigned');
  const notAfterDate = new Date();
  notAfterDate.setFullYear(notAfterDate.getFullYear() + VALID_YEARS);
  const made = await generate([{ name: 'commonName', value: publicHost }], {
    keyType,
    algorithm: 'sha256',
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: publicHost },
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
          { type: 2, value: hostname() },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}
