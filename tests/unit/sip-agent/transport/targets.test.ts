import { expect, test } from 'vitest';
import type { SipRequest } from '../../../../src/sip-agent/message/message.ts';
import { responseTarget, targetOf } from '../../../../src/sip-agent/transport/targets.ts';
import { FakeFlow } from '../fake-flow.ts';

test.each([
  ['sip:a@192.0.2.5', { protocol: 'udp', host: '192.0.2.5', port: 5060 }],
  ['sip:a@192.0.2.5:5070;transport=TCP', { protocol: 'tcp', host: '192.0.2.5', port: 5070 }],
  ['sip:a@b;maddr=192.0.2.6', { protocol: 'udp', host: '192.0.2.6', port: 5060 }],
  ['sip:[2001:db8::1]:5080', { protocol: 'udp', host: '2001:db8::1', port: 5080 }],
  ['sip:a@b;transport=tls', { protocol: 'tls', host: 'b', port: 5061 }],
  ['sips:a@b', { protocol: 'tls', host: 'b', port: 5061 }],
  ['sip:a@b;transport=sctp', undefined],
  ['tel:+84', undefined],
])('a request to %s', (uri, target) => {
  expect(targetOf(uri)).toEqual(target);
});

test('a URI without transport takes the one that is offered', () => {
  expect(targetOf('sip:b', 'tcp')?.protocol).toBe('tcp');
  expect(targetOf('sip:b;transport=udp', 'tcp')?.protocol).toBe('udp');
});

test.each([
  ['to the port in Via', 'udp', 'SIP/2.0/UDP 10.0.0.1:5070', 5070],
  ['to 5060 without one', 'udp', 'SIP/2.0/UDP 10.0.0.1', 5060],
  ['to the source port when asked by rport', 'udp', 'SIP/2.0/UDP 10.0.0.1:5070;rport', 4321],
  ['to the source when Via is unreadable', 'udp', 'nonsense', 4321],
  ['to the listening port over TCP', 'tcp', 'SIP/2.0/TCP 10.0.0.1:5070;rport', 5070],
  ['to 5061 over TLS', 'tls', 'SIP/2.0/TLS 10.0.0.1', 5061],
] as const)(
  'a response goes %s, and always to the source address',
  (_what, protocol, via, port) => {
    const empty = Buffer.alloc(0);
    const request: SipRequest = {
      kind: 'request',
      method: 'OPTIONS',
      uri: 'sip:x',
      version: 'SIP/2.0',
      headers: [{ key: 'via', value: via }],
      head: empty,
      body: empty,
    };
    const source = new FakeFlow(protocol, '192.0.2.2', 4321);
    expect(responseTarget(request, source)).toEqual({ protocol, host: '192.0.2.2', port });
  },
);
