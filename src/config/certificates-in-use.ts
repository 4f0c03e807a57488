import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from './schema.ts';

export interface CertificateFacts {
  readonly name: 'https' | 'sip';
  readonly expiresAtMs: number;
  readonly selfSigned: boolean;
}

type Parts = Pick<Settings, 'dataDir' | 'http' | 'sip'>;

/** What is served over https and SIP over TLS, as its files are now; one that cannot be read is left out. */
export function certificatesInUse(settings: Parts): CertificateFacts[] {
  const { dataDir, http, sip } = settings;
  const generated = (file: string) => join(dataDir, 'tls', file);
  const files: [CertificateFacts['name'], string][] = [
    ['https', http.certFile ?? generated('cert.pem')],
  ];
  if (sip.tls.enabled && sip.server.kind === 'embedded')
    files.push(['sip', sip.certFile ?? http.certFile ?? generated('sip-cert.pem')]);
  return files.flatMap(([name, file]) => factsOf(name, file) ?? []);
}

function factsOf(name: CertificateFacts['name'], file: string): CertificateFacts | undefined {
  try {
    const { validTo, issuer, subject } = new X509Certificate(readFileSync(file));
    return { name, expiresAtMs: Date.parse(validTo), selfSigned: issuer === subject };
  } catch {
    return undefined; // told as not there: the page is for looking, not for repair
  }
}
