import { expect, test } from 'vitest';
import { CallLog } from '../../../src/calls/call-log.ts';
import type { EndReason } from '../../../src/domain/call.ts';
import type { CallId } from '../../../src/domain/ids.ts';

const call = (id: string) => ({
  callId: id as CallId,
  direction: 'in' as const,
  sipCallId: `sip-${id}`,
  dialled: '1001',
  sipUsername: 'xa-1',
  remoteAddr: '192.0.2.20:5060',
  userAgent: 'Codec/1',
  startedAtMs: 1000,
});

const ENDS: [EndReason, boolean, string][] = [
  ['peer-hangup', true, 'completed'],
  ['operator', true, 'completed'],
  ['media-timeout', true, 'dropped'],
  ['media-relay-down', true, 'dropped'],
  ['cancelled', false, 'cancelled'],
  ['conference-not-found', false, 'refused'],
  ['no-common-codec', false, 'refused'],
  ['media-relay-down', false, 'failed'],
];

test.each(ENDS)('%s, answered %s: %s', (reason, wasAnswered, result) => {
  const log = new CallLog(5);
  const record = log.open(call('a'), () => []);
  if (wasAnswered) record.answered(20);
  record.close(reason, 2000);
  expect(log.list()).toMatchObject([{ endedAtMs: 2000, verdict: { result, reason } }]);
});

test('keeps the last ones, the latest first, with their messages', () => {
  const log = new CallLog(2);
  for (const id of ['a', 'b', 'c'])
    log.open(call(id), () => [{ atMs: 1, direction: 'in', summary: id, text: id }]);
  expect(log.list().map(({ callId }) => callId)).toEqual(['c', 'b']);
  expect(log.find('a' as CallId)).toBeUndefined();
  expect(log.find('b' as CallId)).toMatchObject({
    record: { verdict: undefined },
    messages: [{ summary: 'b' }],
  });
});

test('tells of each call that is over, as long as somebody listens', () => {
  const log = new CallLog(5);
  const told: string[] = [];
  const undo = log.onEnded(({ callId, verdict }) => told.push(`${callId} ${verdict?.reason}`));
  const [a, b] = ['a', 'b'].map(id => log.open(call(id), () => []));
  a?.close('operator', 2000);
  undo();
  b?.close('operator', 2000);
  expect(told).toEqual(['a operator']);
});
