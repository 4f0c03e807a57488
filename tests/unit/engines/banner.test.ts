import { describe, expect, test } from 'vitest';
import { loadSettings, type Secrets } from '../../../src/config/index.ts';
import { banner } from '../../../src/engines/banner.ts';
import { stateLine } from '../../../src/engines/console.ts';

const CONFERENCE = { name: 'Giao ban', number: '1000', alias: 'giao-ban' };

const SECRETS: Secrets = {
  janusApiSecret: 'janus-api-secret-0',
  janusAdminKey: 'janus-admin-key-00',
  stageSecret: 'stage-secret-00000',
  sipAppSecret: 'sip-app-secret-000',
  accountsSecret: 'accounts-secret-00',
  adminToken: 'the-admin-token',
  adminTokenIsNew: false,
};

const settings = (env: Record<string, string> = {}) =>
  loadSettings({ DIEMCAU_PUBLIC_HOST: '192.0.2.1', ...env }, { rootDir: '/nowhere' });

describe('banner', () => {
  test('has the link for browsers and the address for codecs', () => {
    const text = banner(settings(), SECRETS, [CONFERENCE], false);
    expect(text).toContain('https://192.0.2.1:8443/c/giao-ban');
    expect(text).toContain('http://localhost:8080/c/giao-ban');
    expect(text).toContain('dials 1000@192.0.2.1 ');
    expect(text).toContain('/nowhere/var/log');
  });

  test('has the setup link as long as there is no administrator, and then the address of the pages', () => {
    const first = banner(settings(), SECRETS, [], true);
    expect(first).toMatch(
      /https:\/\/192\.0\.2\.1:8443\/admin#setup=[a-z2-7]{4}(?:-[a-z2-7]{4}){5}\n/,
    );
    const later = banner(settings(), SECRETS, [], false);
    expect(later).toMatch(/https:\/\/192\.0\.2\.1:8443\/admin\n/);
  });

  test('names the SIP port when it is not the usual one', () => {
    const text = banner(settings({ DIEMCAU_SIP_PORT: '5080' }), SECRETS, [CONFERENCE], false);
    expect(text).toContain('1000@192.0.2.1:5080');
  });

  test('shows the admin token only when it is new, and no other secret ever', () => {
    expect(banner(settings(), SECRETS, [], false)).not.toContain('the-admin-token');
    const first = banner(settings(), { ...SECRETS, adminTokenIsNew: true }, [], false);
    expect(first).toContain('the-admin-token');
    expect(first).not.toContain('secret-0');
  });
});

describe('progress', () => {
  test('is one line for each step of an engine', () => {
    expect(stateLine('janus', 'running')).toBe('  janus      ready');
    expect(stateLine('rtpengine', 'waiting', 'ended with code 1')).toBe(
      '  rtpengine  restarting (ended with code 1)',
    );
  });
});
