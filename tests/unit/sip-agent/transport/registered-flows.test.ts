import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SipRequest } from '../../../../src/sip-agent/message/message.ts';
import { RegisteredFlows } from '../../../../src/sip-agent/transport/registered-flows.ts';
import { FakeFlow } from '../fake-flow.ts';

const URI = 'sip:hall@10.0.0.1:5060;transport=tcp';
const NO_GRANT = { contacts: [], expires: undefined };

let flows: RegisteredFlows;
beforeEach(() => {
  vi.useFakeTimers();
  flows = new RegisteredFlows();
});
afterEach(() => void vi.useRealTimers());

function register(contact: string, expires?: string): SipRequest {
  const empty = Buffer.alloc(0);
  const headers = [{ key: 'contact', value: contact }];
  if (expires !== undefined) headers.push({ key: 'expires', value: expires });
  const line = { method: 'REGISTER', uri: 'sip:x', version: 'SIP/2.0' };
  return { kind: 'request', ...line, headers, head: empty, body: empty };
}

test('leads to the connection whatever parameters the URI carries', () => {
  const flow = new FakeFlow('tcp');
  flows.learn(register(`<${URI}>`), flow, NO_GRANT);
  expect(flows.flowFor('sip:hall@10.0.0.1:5060')).toBe(flow);
  expect(flows.flowFor('sip:other@10.0.0.1:5060')).toBeUndefined();
});

test('takes no note of UDP, which has no connection', () => {
  flows.learn(register(`<${URI}>`), new FakeFlow('udp'), NO_GRANT);
  expect(flows.size).toBe(0);
});

test.each([
  ['as granted for the contact', { contacts: [`<${URI}>;expires=30`], expires: '90' }, 30],
  ['as asked for the contact', { contacts: [], expires: '90' }, 60],
])('ends with the registration, %s', (_what, grant, seconds) => {
  flows.learn(register(`<${URI}>;expires=60`, '120'), new FakeFlow('tcp'), grant);
  vi.advanceTimersByTime(seconds * 1_000 - 1);
  expect(flows.size).toBe(1);
  vi.advanceTimersByTime(1);
  expect(flows.size).toBe(0);
});

test('ends with the connection', () => {
  const flow = new FakeFlow('tcp');
  flows.learn(register(`<${URI}>, <sip:two@10.0.0.1>`), flow, NO_GRANT);
  flow.close();
  expect(flows.size).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('ends when the device unregisters', () => {
  const flow = new FakeFlow('tcp');
  flows.learn(register(`<${URI}>`), flow, NO_GRANT);
  flows.learn(register(`<${URI}>`, '0'), flow, NO_GRANT);
  expect(flows.size).toBe(0);
});

test('moves to the connection the device registered over last', () => {
  const [old, fresh] = [new FakeFlow('tcp'), new FakeFlow('tcp')];
  flows.learn(register(`<${URI}>`), old, NO_GRANT);
  flows.learn(register(`<${URI}>`), fresh, NO_GRANT);
  old.close();
  expect(flows.flowFor(URI)).toBe(fresh);
});

test('takes a few contacts at most, and no star', () => {
  const many = Array.from({ length: 50 }, (_, index) => `<sip:x${index}@10.0.0.1>`).join(', ');
  flows.learn(register(many), new FakeFlow('tcp'), NO_GRANT);
  expect(flows.size).toBe(8);
  flows.clear();
  flows.learn(register('*', '0'), new FakeFlow('tcp'), NO_GRANT);
  expect(flows.size).toBe(0);
});
