import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  adminTokenFile,
  ensureCertificate,
  ensureSipCertificate,
  loadSecrets,
  loadSettings,
} from '../../../src/config/index.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'secrets-'));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const modeOf = (file: string) => statSync(join(dataDir, file)).mode & 0o777;

describe('secrets', () => {
  test('are made once, kept, and readable by their owner only', () => {
    const first = loadSecrets({ dataDir }, {});
    expect(first.adminTokenIsNew).toBe(true);
    expect(loadSecrets({ dataDir }, {})).toEqual({ ...first, adminTokenIsNew: false });
    expect(readFileSync(adminTokenFile(dataDir), 'utf8').trim()).toBe(first.adminToken);
    expect([modeOf('secrets.json'), modeOf('admin-token')]).toEqual([0o600, 0o600]);
    const { adminTokenIsNew, ...words } = first;
    expect(new Set(Object.values(words)).size).toBe(6);
  });

  test('a configured token is used and not stored', () => {
    const { adminToken, adminTokenIsNew } = loadSecrets({ dataDir, adminToken: 'configured' }, {});
    expect([adminToken, adminTokenIsNew]).toEqual(['configured', false]);
    expect(() => modeOf('admin-token')).toThrow('ENOENT');
  });

  test('the environment replaces what is stored, for that process only', () => {
    const stored = loadSecrets({ dataDir }, {});
    const given = { DIEMCAU_SECRET_STAGE: 'given-by-the-environment' };
    expect(loadSecrets({ dataDir }, given).stageSecret).toBe('given-by-the-environment');
    expect(loadSecrets({ dataDir }, {}).stageSecret).toBe(stored.stageSecret);
  });

  test('a short secret is refused by name', () => {
    expect(() => loadSecrets({ dataDir }, { DIEMCAU_SECRET_SIP_APP: 'short' })).toThrow(
      'setting DIEMCAU_SECRET_SIP_APP: must have at least 16 characters',
    );
  });

  test('a secret of a newer version is added to those there', () => {
    const { stageSecret } = loadSecrets({ dataDir }, {});
    writeFileSync(join(dataDir, 'secrets.json'), JSON.stringify({ stageSecret }));
    expect(loadSecrets({ dataDir }, {})).toMatchObject({ stageSecret });
    expect(readFileSync(join(dataDir, 'secrets.json'), 'utf8')).toContain('janusApiSecret');
  });

  test.each(['', 'not json', '{"stageSecret": 5}'])('a broken file (%j) is named', content => {
    writeFileSync(join(dataDir, 'secrets.json'), content);
    expect(() => loadSecrets({ dataDir }, {})).toThrow(join(dataDir, 'secrets.json'));
  });
});

describe('certificate', () => {
  const http = { port: 8080, httpsPort: 8443 };

  test('is made once, for the host, ten years, with a private key nobody else reads', async () => {
    const made = await ensureCertificate({ dataDir, publicHost: '192.0.2.7', http });
    const parsed = new X509Certificate(made.cert);
    expect(parsed.checkIP('192.0.2.7')).toBe('192.0.2.7');
    expect(parsed.checkHost('localhost')).toBe('localhost');
    expect(new Date(parsed.validTo).getFullYear()).toBe(new Date().getFullYear() + 10);
    expect(modeOf('tls/key.pem')).toBe(0o600);
    expect(await ensureCertificate({ dataDir, publicHost: '192.0.2.7', http })).toEqual(made);
  });

  test('is made again when the host has changed or the file is broken', async () => {
    const made = await ensureCertificate({ dataDir, publicHost: '192.0.2.7', http });
    const moved = await ensureCertificate({ dataDir, publicHost: '192.0.2.8', http });
    expect(moved.cert).not.toBe(made.cert);
    writeFileSync(join(dataDir, 'tls/cert.pem'), 'half a cert');
    const mended = await ensureCertificate({ dataDir, publicHost: '192.0.2.8', http });
    expect(new X509Certificate(mended.cert).checkIP('192.0.2.8')).toBe('192.0.2.8');
  });

  test('configured files are used as they are', async () => {
    const [certFile, keyFile] = [join(dataDir, 'c.pem'), join(dataDir, 'k.pem')];
    writeFileSync(certFile, 'a certificate');
    writeFileSync(keyFile, 'a key');
    const configured = { ...http, certFile, keyFile };
    expect(await ensureCertificate({ dataDir, publicHost: '192.0.2.7', http: configured })).toEqual(
      {
        cert: 'a certificate',
        key: 'a key',
      },
    );
  });

  test('for SIP is one of its own with an RSA key, unless files are configured', async () => {
    const env = { DIEMCAU_PUBLIC_HOST: '192.0.2.7', DIEMCAU_DATA_DIR: dataDir };
    const made = await ensureSipCertificate(loadSettings(env));
    expect(new X509Certificate(made.cert).publicKey.asymmetricKeyType).toBe('rsa');
    expect(modeOf('tls/sip-key.pem')).toBe(0o600);
    expect(await ensureSipCertificate(loadSettings(env))).toEqual(made);
    const pairs = ['SIP', 'HTTP'].map(part => {
      const files = { cert: join(dataDir, `${part}.cert`), key: join(dataDir, `${part}.key`) };
      for (const [kind, file] of Object.entries(files)) writeFileSync(file, `${part} ${kind}`);
      const names = [`DIEMCAU_${part}_CERT_FILE`, `DIEMCAU_${part}_KEY_FILE`] as const;
      return { [names[0]]: files.cert, [names[1]]: files.key };
    });
    const [ofSip, ofHttp] = pairs;
    const configured = (...more: (object | undefined)[]) =>
      ensureSipCertificate(loadSettings(Object.assign({ ...env }, ...more)));
    expect(await configured(ofHttp)).toEqual({ cert: 'HTTP cert', key: 'HTTP key' });
    expect(await configured(ofHttp, ofSip)).toEqual({ cert: 'SIP cert', key: 'SIP key' });
  });
});
