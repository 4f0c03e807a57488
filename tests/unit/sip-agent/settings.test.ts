import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSecrets, loadSettings } from '../../../src/config/index.ts';
import { sipAgentSettings } from '../../../src/sip-agent/index.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'agent-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

function agentSettings(env: Record<string, string> = {}) {
  const base = { DIEMCAU_PUBLIC_HOST: '192.0.2.1', DIEMCAU_DATA_DIR: dataDir };
  const settings = loadSettings({ ...base, ...env }, { rootDir: '/nowhere' });
  return sipAgentSettings(settings, loadSecrets(settings, {}));
}

test('pain 11: by default there is TLS with a certificate, no legacy TLS and no IPv6', async () => {
  const { host, sipPort, tls, legacyTls, ipv6Host } = await agentSettings();
  expect({ host, sipPort, legacyTls, ipv6Host }).toEqual({
    host: '192.0.2.1',
    sipPort: 5060,
    legacyTls: undefined,
    ipv6Host: undefined,
  });
  expect(tls?.port).toBe(5061);
  expect(tls?.identity.cert).toContain('BEGIN CERTIFICATE');
});

test('what the operator turns on and off reaches the agent', async () => {
  const settings = await agentSettings({
    DIEMCAU_SIP_TLS_ENABLED: 'false',
    DIEMCAU_SIP_LEGACY_TLS_ENABLED: 'true',
    DIEMCAU_SIP_LEGACY_TLS_ALLOW: '10.1.0.0/16',
    DIEMCAU_SIP_IPV6_HOST: '2001:db8::10',
  });
  expect(settings.tls).toBeUndefined();
  expect(settings.legacyTls).toMatchObject({ port: 5062, allow: ['10.1.0.0/16'] });
  expect(settings.ipv6Host).toBe('2001:db8::10');
});

test('it does not run beside a drachtio-server', async () => {
  const env = { DIEMCAU_SIP_SERVER: '198.51.100.7:9022', DIEMCAU_SIP_SECRET: 'cymru' };
  await expect(agentSettings(env)).rejects.toThrow('not "embedded"');
});
