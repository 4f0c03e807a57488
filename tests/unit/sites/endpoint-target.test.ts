import { expect, it } from 'vitest';
import type { Binding } from '../../../src/domain/site.ts';
import { endpointTarget } from '../../../src/sites/endpoint-target.ts';

const binding = (sipTransport: string): Binding => ({
  contactUri: 'sip:xa-1@192.168.1.5:5060',
  sourceAddr: '203.0.113.7:41000',
  sipTransport,
  userAgent: 'Codec/1',
  expiresAtMs: 1,
  sipCallId: 'r',
  cseq: 1,
});
const FIXED = ['10.1.0.0/16', '10.1.0.7'];

it('calls a registered endpoint where it is, past its NAT', () => {
  const target = endpointTarget({ fixedAddresses: FIXED, dialAddress: 'x' }, [binding('udp')]);
  const udpAddr = '203.0.113.7:41000';
  expect(target).toEqual({ uri: 'sip:xa-1@192.168.1.5:5060', udpAddr, siteNetworks: FIXED });
});

it('leaves a registered connection to the SIP server', () => {
  const target = endpointTarget({ fixedAddresses: [] }, [binding('tcp')]);
  expect(target).toEqual({ uri: 'sip:xa-1@192.168.1.5:5060', siteNetworks: [] });
});

it.each([
  ['10.1.0.7', undefined, 'sip:10.1.0.7'],
  ['10.1.0.7:5070', 'tcp', 'sip:10.1.0.7:5070;transport=tcp'],
  ['room@codec.xa.vn', 'tls', 'sip:room@codec.xa.vn;transport=tls'],
  ['2001:db8::7', 'udp', 'sip:[2001:db8::7];transport=udp'],
  ['sip:room@10.1.0.7;transport=tcp', 'udp', 'sip:room@10.1.0.7;transport=tcp'],
  ['sips:room@10.1.0.7', 'tcp', 'sips:room@10.1.0.7'],
] as const)('dials %s over %s at %s', (dialAddress, dialTransport, uri) => {
  const ways = dialTransport && { dialTransport };
  expect(endpointTarget({ fixedAddresses: FIXED, dialAddress, ...ways }, [])?.uri).toBe(uri);
});

it('falls back to a fixed address, never to a network', () => {
  expect(endpointTarget({ fixedAddresses: FIXED }, [])?.uri).toBe('sip:10.1.0.7');
  expect(endpointTarget({ fixedAddresses: ['10.1.0.0/16'] }, [])).toBeUndefined();
});
