import { ensureSipCertificate, type Secrets, type Settings } from '../config/index.ts';
import type { SipAgentSettings } from './server.ts';

/**
 * What the program's settings mean for the agent; a certificate is made where TLS needs one.
 * @throws Error when another server is configured, or a certificate cannot be read
 */
export async function sipAgentSettings(
  settings: Settings,
  secrets: Secrets,
): Promise<SipAgentSettings> {
  const { server, port: sipPort, ipv6Host, tls, legacyTls, guard } = settings.sip;
  if (server.kind !== 'embedded') throw new Error('sip.server.kind is not "embedded"');
  const needsIdentity = tls.enabled || legacyTls.enabled;
  const identity = needsIdentity ? await ensureSipCertificate(settings) : undefined;
  return {
    host: settings.publicHost,
    ipv6Host,
    sipPort,
    tls: identity && tls.enabled ? { port: tls.port, identity } : undefined,
    legacyTls: identity && legacyTls.enabled ? { ...legacyTls, identity } : undefined,
    guard: guard.enabled ? guard : undefined,
    app: { host: '127.0.0.1', port: server.appPort, secret: secrets.sipAppSecret },
  };
}
