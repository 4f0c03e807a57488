import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { chooseCrypto, readCrypto, writeCrypto } from '../../../src/sdp/crypto.ts';
import { inlineKey } from './keys.ts';

const KEY_30 = inlineKey(30);
const line = (rest: string) => readCrypto(`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY_30}${rest}`);

describe('suites', () => {
  it.each<[suite: string, keyBytes: number]>([
    ['AES_CM_128_HMAC_SHA1_80', 30],
    ['AES_CM_128_HMAC_SHA1_32', 30],
    ['AES_192_CM_HMAC_SHA1_80', 38],
    ['AES_256_CM_HMAC_SHA1_80', 46],
    ['AES_256_CM_HMAC_SHA1_32', 46],
    ['AEAD_AES_128_GCM', 28],
    ['AEAD_AES_256_GCM', 44],
  ])('%s has %d octets of key and salt, with or without padding', (suite, keyBytes) => {
    const key = inlineKey(keyBytes);
    const bare = key.replace(/=+$/, '');
    for (const written of [key, bare])
      expect(readCrypto(`3 ${suite} inline:${written}`)).toMatchObject({ tag: 3, suite });
    expect(readCrypto(`3 ${suite} inline:${inlineKey(keyBytes - 3)}`)).toBeUndefined();
    expect(readCrypto(`3 ${suite} inline:${inlineKey(keyBytes + 3)}`)).toBeUndefined();
    expect(readCrypto(`3 ${suite} inline:${bare}A`)).toBeUndefined();
  });

  it.each(['F8_128_HMAC_SHA1_80', 'NULL_HMAC_SHA1_80', 'constructor', '__proto__'])(
    '%s is none of ours',
    suite => expect(readCrypto(`1 ${suite} inline:${KEY_30}`)).toBeUndefined(),
  );
});

describe('key parameters', () => {
  it.each<[rest: string, read: object]>([
    ['', {}],
    ['|2^48', { lifetimePackets: 2 ** 48 }],
    ['|2^20', { lifetimePackets: 2 ** 20 }],
    ['|1048576', { lifetimePackets: 2 ** 20 }],
    ['|1:4', { mki: { value: '1', lengthBytes: 4 } }],
    ['|2^31|1066:4', { lifetimePackets: 2 ** 31, mki: { value: '1066', lengthBytes: 4 } }],
    [' KDR=0 WSH=128', {}],
    [' FEC_ORDER=FEC_SRTP', {}],
    [' -future=7', {}],
    [' UNENCRYPTED_SRTCP', { unencryptedSrtcp: true }],
  ])('reads %j', (rest, read) => {
    const { key, ...others } = line(rest) ?? expect.fail('not read');
    const expected = { tag: 1, suite: 'AES_CM_128_HMAC_SHA1_80', unencryptedSrtcp: false };
    expect(others).toEqual({ ...expected, ...read });
    expect(key.reveal()).toBe(KEY_30);
  });

  it.each([
    '|2^49',
    '|0',
    '|1:0',
    '|1:129',
    '|1:4|2^48',
    '|2^48|1:4|1:4',
    `;inline:${KEY_30}|2^48|2:4`,
    ' KDR=3',
    ' UNENCRYPTED_SRTP',
    ' UNAUTHENTICATED_SRTP',
    ' UNENCRYPTED_SRTCP UNENCRYPTED_SRTP',
    ' future=7',
  ])('does not take %j', rest => expect(line(rest)).toBeUndefined());
});

describe('of several lines', () => {
  const lines = (...values: string[]) =>
    values.map(value => readCrypto(value) ?? expect.fail(value));
  const sha32 = `1 AES_CM_128_HMAC_SHA1_32 inline:${KEY_30}`;
  const sha80 = `2 AES_CM_128_HMAC_SHA1_80 inline:${KEY_30}`;

  it('the peer’s first is taken', () => {
    expect(chooseCrypto(lines(sha32, sha80))?.tag).toBe(1);
    expect(chooseCrypto([])).toBeUndefined();
  });

  it('one that hides RTCP too goes first', () => {
    expect(chooseCrypto(lines(`${sha32} UNENCRYPTED_SRTCP`, sha80))?.tag).toBe(2);
    expect(chooseCrypto(lines(`${sha32} UNENCRYPTED_SRTCP`))?.tag).toBe(1);
  });
});

describe('a line of ours', () => {
  it('has the padding that old devices want, and no lifetime', () => {
    const bare = inlineKey(46).replace(/=+$/, '');
    const read = readCrypto(`4 AES_256_CM_HMAC_SHA1_80 inline:${bare}|2^31|1:4 UNENCRYPTED_SRTCP`);
    expect(read && writeCrypto(read)).toBe(
      `4 AES_256_CM_HMAC_SHA1_80 inline:${bare}==|1:4 UNENCRYPTED_SRTCP`,
    );
  });
});

it('a key shows itself in no log', () => {
  const read = line('|2^48');
  const shown = [JSON.stringify(read), inspect(read, { depth: 9 }), `${read?.key}`].join();
  expect(shown).toContain('[key]');
  expect(shown).not.toContain(KEY_30);
});
