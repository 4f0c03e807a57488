import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  INVITE_SERVER,
  OTHER_SERVER,
  type ServerEvent,
  type ServerState,
  ServerTransaction,
} from '../../../../src/sip-agent/transaction/server-transaction.ts';
import { FakeFlow } from '../fake-flow.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const STATES: ServerState[] = ['proceeding', 'accepted', 'completed', 'confirmed', 'terminated'];
const EVENTS: ServerEvent[] = ['success', 'failure', 'ack', 'timeout'];

describe('the tables', () => {
  const invite = [
    'proceeding success accepted',
    'proceeding failure completed',
    'accepted timeout terminated',
    'completed ack confirmed',
    'completed timeout terminated',
    'confirmed timeout terminated',
  ];
  const other = [
    'proceeding success completed',
    'proceeding failure completed',
    'completed timeout terminated',
  ];
  const pairs = STATES.flatMap(state => EVENTS.map(event => [state, event] as const));

  test.each(pairs)('%s on %s', (state, event) => {
    const arrow = (all: string[]) =>
      all.find(a => a.startsWith(`${state} ${event} `))?.split(' ')[2];
    expect(INVITE_SERVER[state][event]).toBe(arrow(invite));
    expect(OTHER_SERVER[state][event]).toBe(arrow(other));
  });
});

function transaction(isInvite: boolean, flow = new FakeFlow()) {
  const onTerminated = vi.fn();
  const it = new ServerTransaction({ isInvite, flow, respondTo: () => flow, onTerminated });
  const say = (status: number) => it.respond(status, Buffer.from(String(status)));
  return { it, flow, say, onTerminated };
}

describe('INVITE', () => {
  test('absorbs retransmissions, answering with what it said last', () => {
    const { it, flow, say } = transaction(true);
    it.retransmitted();
    say(100);
    say(180);
    it.retransmitted();
    expect(flow.sent).toEqual(['100', '180', '180']);
  });

  test('repeats a failure over UDP at growing intervals until its ACK', () => {
    const { it, flow, say } = transaction(true);
    say(486);
    vi.advanceTimersByTime(500 + 1_000 + 2_000 + 4_000 + 4_000);
    expect(flow.sent).toHaveLength(6);
    it.acknowledged();
    vi.advanceTimersByTime(4_999);
    expect([flow.sent.length, it.state]).toEqual([6, 'confirmed']);
    vi.advanceTimersByTime(1);
    expect(it.state).toBe('terminated');
  });

  test('gives up on a failure whose ACK never comes', () => {
    const { it, say, onTerminated } = transaction(true);
    say(486);
    vi.advanceTimersByTime(32_000);
    expect(it.state).toBe('terminated');
    expect(onTerminated).toHaveBeenCalledOnce();
  });

  test('does not repeat a failure over TCP', () => {
    const { it, flow, say } = transaction(true, new FakeFlow('tcp'));
    say(486);
    vi.advanceTimersByTime(10_000);
    expect(flow.sent).toEqual(['486']);
    it.acknowledged();
    vi.advanceTimersByTime(0);
    expect(it.state).toBe('terminated');
  });

  test('stays 32 s after a 2xx, leaving its repetition to the dialog', () => {
    const { it, flow, say } = transaction(true);
    say(200);
    it.retransmitted();
    vi.advanceTimersByTime(31_999);
    expect([flow.sent.length, it.state]).toEqual([1, 'accepted']);
    it.repeat();
    expect(flow.sent).toEqual(['200', '200']);
    vi.advanceTimersByTime(1);
    expect(it.state).toBe('terminated');
  });
});

describe('other requests', () => {
  test('are answered again when they come again, for 32 s over UDP', () => {
    const { it, flow, say } = transaction(false);
    say(200);
    it.retransmitted();
    expect(flow.sent).toEqual(['200', '200']);
    vi.advanceTimersByTime(32_000);
    expect(it.state).toBe('terminated');
  });

  test('are over at once over TCP', () => {
    const { it, say } = transaction(false, new FakeFlow('tcp'));
    say(404);
    vi.advanceTimersByTime(0);
    expect(it.state).toBe('terminated');
  });
});

test('a second final response is not sent', () => {
  const { flow, say } = transaction(true);
  expect(say(487)).toBe(true);
  expect(say(200)).toBe(false);
  expect(flow.sent).toEqual(['487']);
});

test('nothing runs on after it is terminated', () => {
  const { it, say, onTerminated } = transaction(true);
  say(486);
  it.terminate();
  it.terminate();
  expect(vi.getTimerCount()).toBe(0);
  expect(onTerminated).toHaveBeenCalledOnce();
});
