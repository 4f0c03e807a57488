import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SipResponse } from '../../../../src/sip-agent/message/message.ts';
import {
  type ClientEvent,
  type ClientState,
  ClientTransaction,
  INVITE_CLIENT,
  OTHER_CLIENT,
} from '../../../../src/sip-agent/transaction/client-transaction.ts';
import { FakeFlow } from '../fake-flow.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const STATES: ClientState[] = ['calling', 'proceeding', 'accepted', 'completed', 'terminated'];
const EVENTS: ClientEvent[] = ['provisional', 'success', 'failure', 'timeout'];

describe('the tables', () => {
  const common = [
    'calling provisional proceeding',
    'proceeding provisional proceeding',
    'calling failure completed',
    'proceeding failure completed',
    'calling timeout terminated',
    'proceeding timeout terminated',
    'completed timeout terminated',
  ];
  const invite = [
    ...common,
    'calling success accepted',
    'proceeding success accepted',
    'accepted timeout terminated',
  ];
  const other = [...common, 'calling success completed', 'proceeding success completed'];
  const pairs = STATES.flatMap(state => EVENTS.map(event => [state, event] as const));

  test.each(pairs)('%s on %s', (state, event) => {
    const arrow = (all: string[]) =>
      all.find(a => a.startsWith(`${state} ${event} `))?.split(' ')[2];
    expect(INVITE_CLIENT[state][event]).toBe(arrow(invite));
    expect(OTHER_CLIENT[state][event]).toBe(arrow(other));
  });
});

function response(status: number): SipResponse {
  const empty = Buffer.alloc(0);
  return { kind: 'response', status, reason: '', headers: [], head: empty, body: empty };
}

function transaction(method: string, flow = new FakeFlow()) {
  const told: number[] = [];
  const failures: number[] = [];
  const onRungOut = vi.fn();
  const onTerminated = vi.fn();
  const it = new ClientTransaction({
    method,
    data: Buffer.from(method),
    flow,
    onResponse: ({ status }) => void told.push(status),
    onFailure: status => void failures.push(status),
    ackTo: ({ status }) => Buffer.from(`ACK ${status}`),
    onRungOut,
    onTerminated,
  });
  const hear = (status: number) => it.receive(response(status), flow);
  return { it, flow, hear, told, failures, onRungOut, onTerminated };
}

describe('INVITE', () => {
  test('is repeated over UDP at doubling intervals, then given up with 408', () => {
    const { flow, failures, onTerminated } = transaction('INVITE');
    vi.advanceTimersByTime(31_999);
    // At 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s.
    expect(flow.sent).toHaveLength(7);
    vi.advanceTimersByTime(1);
    expect(failures).toEqual([408]);
    expect(onTerminated).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is not repeated over TCP', () => {
    const { flow } = transaction('INVITE', new FakeFlow('tcp'));
    vi.advanceTimersByTime(20_000);
    expect(flow.sent).toEqual(['INVITE']);
  });

  test('is not repeated once the peer has shown a sign of life', () => {
    const { flow, hear, told } = transaction('INVITE');
    hear(100);
    vi.advanceTimersByTime(60_000);
    expect(flow.sent).toEqual(['INVITE']);
    expect(told).toEqual([100]);
  });

  test('that rings for ever is to be cancelled, each 1xx giving it more time', () => {
    const { hear, onRungOut } = transaction('INVITE');
    hear(180);
    vi.advanceTimersByTime(184_999);
    hear(180);
    vi.advanceTimersByTime(184_999);
    expect(onRungOut).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onRungOut).toHaveBeenCalledOnce();
  });

  test('that was cancelled and gets no final response is given up', () => {
    const { it, hear, failures } = transaction('INVITE');
    hear(180);
    it.cancelled();
    hear(180);
    vi.advanceTimersByTime(32_000);
    expect(failures).toEqual([408]);
  });

  test('acknowledges a failure each time it comes, and tells it once', () => {
    const { it, flow, hear, told } = transaction('INVITE');
    hear(486);
    hear(486);
    expect(flow.sent).toEqual(['INVITE', 'ACK 486', 'ACK 486']);
    expect(told).toEqual([486]);
    vi.advanceTimersByTime(32_000);
    expect(it.state).toBe('terminated');
  });

  test('tells a 2xx each time it comes, for 32 s', () => {
    const { it, hear, told, flow } = transaction('INVITE');
    hear(200);
    hear(200);
    hear(486);
    expect(told).toEqual([200, 200]);
    expect(flow.sent).toEqual(['INVITE']);
    vi.advanceTimersByTime(32_000);
    expect(it.state).toBe('terminated');
  });
});

describe('other requests', () => {
  test('are repeated at intervals of 4 s at most, provisional responses or not', () => {
    const { flow, hear, failures } = transaction('OPTIONS');
    hear(100);
    vi.advanceTimersByTime(31_999);
    // At 0, 0.5, 1.5, 3.5 and then each 4 s.
    expect(flow.sent).toHaveLength(11);
    vi.advanceTimersByTime(1);
    expect(failures).toEqual([408]);
  });

  test.each(['udp', 'tcp'] as const)('tell their final response once over %s', protocol => {
    const { it, hear, told } = transaction('OPTIONS', new FakeFlow(protocol));
    hear(200);
    hear(200);
    expect(told).toEqual([200]);
    vi.advanceTimersByTime(protocol === 'tcp' ? 0 : 5_000);
    expect(it.state).toBe('terminated');
  });
});

test('a request that cannot be sent fails with 503', () => {
  const flow = new FakeFlow();
  flow.fails = true;
  const { failures } = transaction('OPTIONS', flow);
  vi.advanceTimersByTime(1);
  expect(failures).toEqual([503]);
  expect(vi.getTimerCount()).toBe(0);
});

test('nothing runs on after it is terminated', () => {
  const { it, hear, told, failures } = transaction('INVITE');
  it.terminate();
  hear(200);
  vi.advanceTimersByTime(60_000);
  expect([told, failures]).toEqual([[], []]);
});
