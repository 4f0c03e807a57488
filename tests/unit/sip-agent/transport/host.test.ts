import { expect, test } from 'vitest';
import { canonicalHost, familyOf, isSameHost } from '../../../../src/sip-agent/transport/host.ts';

test.each([
  ['2001:DB8:0:0::0001', '2001:db8::1'],
  ['[::1]', '::1'],
  ['Hall.Example.VN', 'hall.example.vn'],
  ['192.0.2.1', '192.0.2.1'],
  ['not:an:address', 'not:an:address'],
])('%s is written %s', (host, canonical) => {
  expect(canonicalHost(host)).toBe(canonical);
});

test('two ways of writing one address are the same host', () => {
  expect(isSameHost('2001:db8::1', '2001:0DB8::0:1')).toBe(true);
  expect(isSameHost('2001:db8::1', '2001:db8::2')).toBe(false);
});

test.each([
  ['::1', 6],
  ['[2001:db8::1]', 6],
  ['192.0.2.1', 4],
  ['hall.example.vn', 4],
])('%s is reached by IPv%d', (host, family) => {
  expect(familyOf(host)).toBe(family);
});
