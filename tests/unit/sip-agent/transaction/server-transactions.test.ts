import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SipRequest } from '../../../../src/sip-agent/message/message.ts';
import { parseMessage } from '../../../../src/sip-agent/message/parse.ts';
import { ServerTransactions } from '../../../../src/sip-agent/transaction/server-transactions.ts';
import { request } from '../core-bench.ts';
import { FakeFlow } from '../fake-flow.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const OK = Buffer.from('200');

function parsed(method: string, callId: string): SipRequest {
  const result = parseMessage(request(method, callId, { branch: callId }));
  if (!result.ok || result.message.kind !== 'request') throw new Error('not a request');
  return result.message;
}

function room(max: number) {
  const flow = new FakeFlow();
  const transactions = new ServerTransactions({ flowTo: () => flow }, max);
  return {
    transactions,
    begin: (method: string, callId: string) => transactions.begin(parsed(method, callId), flow),
    find: (method: string, callId: string) => transactions.find(parsed(method, callId)),
  };
}

test('with room for no more, the request answered longest ago makes way', () => {
  const { begin, find, transactions } = room(3);
  begin('REGISTER', 'a');
  begin('REGISTER', 'b')?.respond(200, OK);
  begin('REGISTER', 'c')?.respond(200, OK);
  expect(begin('REGISTER', 'd')).toBeDefined();
  expect(['a', 'b', 'c', 'd'].map(id => find('REGISTER', id)?.state)).toEqual([
    'proceeding',
    undefined,
    'completed',
    'proceeding',
  ]);
  transactions.close();
  expect(transactions.size).toBe(0);
});

test('what waits for an answer, and calls, never make way', () => {
  const { begin, transactions } = room(2);
  begin('INVITE', 'a')?.respond(200, OK);
  begin('REGISTER', 'b');
  expect(begin('REGISTER', 'c')).toBeUndefined();
  transactions.close();
});

test('one that is over by its time is not let go of twice', () => {
  const { begin, transactions } = room(2);
  begin('REGISTER', 'a')?.respond(200, OK);
  vi.advanceTimersByTime(32_000);
  expect(transactions.size).toBe(0);
  begin('REGISTER', 'b');
  begin('REGISTER', 'c');
  expect(begin('REGISTER', 'd')).toBeUndefined();
  transactions.close();
});
