import { describe, expect, test } from 'vitest';
import { primaryAddress } from '../../../src/config/primary-address.ts';

const v4 = (address: string, internal = false) => ({
  address,
  internal,
  family: 'IPv4' as const,
  netmask: '255.255.255.0',
  mac: '02:00:00:00:00:01',
  cidr: `${address}/24`,
});

const INTERFACES = { lo: [v4('127.0.0.1', true)], eth0: [v4('10.0.0.5')], eth1: [v4('192.0.2.5')] };
const HEADER = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU';
const route = (device: string, destination: string, metric: number, mask: string) =>
  `\n${device}\t${destination}\t0100000A\t0003\t0\t0\t${metric}\t${mask}\t0`;

describe('primary address', () => {
  test('is that of the cheapest default route', () => {
    const dear = route('eth0', '00000000', 200, '00000000');
    const cheap = route('eth1', '00000000', 100, '00000000');
    const net = route('eth0', '0000000A', 0, '00FFFFFF');
    expect(primaryAddress(INTERFACES, HEADER + net + dear + cheap)).toBe('192.0.2.5');
  });

  test('without a default route is the first that is not loopback', () => {
    expect(primaryAddress(INTERFACES, HEADER)).toBe('10.0.0.5');
  });

  test('is unknown on a machine with loopback only', () => {
    expect(primaryAddress({ lo: INTERFACES.lo }, HEADER)).toBeUndefined();
  });
});
