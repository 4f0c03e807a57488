import { describe, expect, test } from 'vitest';
import {
  isKnownVariable,
  readEnvironment,
  settingVariables,
  variableName,
} from '../../../src/config/environment.ts';

describe('environment', () => {
  test('every scalar setting has a variable by one rule', () => {
    expect(variableName('media.rtpPortMin')).toBe('DIEMCAU_MEDIA_RTP_PORT_MIN');
    expect(settingVariables().get('DIEMCAU_MEDIA_RTP_PORT_MIN')).toEqual({
      path: 'media.rtpPortMin',
      kind: 'number',
    });
    expect(settingVariables().get('DIEMCAU_SIP_SERVER_APP_PORT')?.kind).toBe('number');
    expect(settingVariables().get('DIEMCAU_ROOMS_AUDIO_SAMPLING_RATE_HZ')?.kind).toBe('number');
  });

  test.each([
    ['DIEMCAU_PUBLIC_HOST', 'publicHost'],
    ['DIEMCAU_DATA_DIR', 'dataDir'],
    ['DIEMCAU_ADMIN_TOKEN', 'adminToken'],
    ['DIEMCAU_LOG_LEVEL', 'logLevel'],
    ['DIEMCAU_HTTP_PORT', 'http.port'],
    ['DIEMCAU_HTTPS_PORT', 'http.httpsPort'],
    ['DIEMCAU_TLS_CERT', 'http.certFile'],
    ['DIEMCAU_TLS_KEY', 'http.keyFile'],
    ['DIEMCAU_SIP_PORT', 'sip.port'],
    ['DIEMCAU_SIP_SECRET', 'sip.server.secret'],
    ['DIEMCAU_MEDIA_SILENT_TIMEOUT_MS', 'media.silentTimeoutMs'],
  ])('%s sets %s', (name, path) => {
    expect(settingVariables().get(name)?.path).toBe(path);
  });

  test('values come in the type of the setting', () => {
    const env = {
      DIEMCAU_SIP_PORT: '5080',
      DIEMCAU_LOG_PERSONAL_DATA: 'true',
      DIEMCAU_SIP_REALM: '42',
    };
    expect(readEnvironment(env)).toEqual({
      sip: { port: 5080, realm: '42' },
      logPersonalData: true,
    });
  });

  test('an empty variable and those of others are not there', () => {
    expect(readEnvironment({ DIEMCAU_SIP_PORT: '', PATH: '/bin' })).toEqual({});
  });

  test('the file and the secrets are known, but are no settings', () => {
    expect(isKnownVariable('DIEMCAU_CONFIG')).toBe(true);
    expect(isKnownVariable('DIEMCAU_SECRET_STAGE')).toBe(true);
    expect(isKnownVariable('DIEMCAU_SECRET_OTHER')).toBe(false);
    expect(readEnvironment({ DIEMCAU_CONFIG: 'x', DIEMCAU_SECRET_STAGE: 'y' })).toEqual({});
  });
});
