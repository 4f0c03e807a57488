import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CoreBench, EMPTY_STATS, request } from './core-bench.ts';

let bench: CoreBench;
let { core, flow, socket } = {} as CoreBench;

beforeEach(() => {
  vi.useFakeTimers();
  bench = new CoreBench();
  ({ core, flow, socket } = bench);
});

afterEach(() => {
  bench.close();
  vi.useRealTimers();
});

const statuses = () => bench.statuses();
const ourTag = () => bench.ourTag();
const answer = (method: string, status: number) => bench.answer(method, status);

describe('a 200 whose ACK never comes', () => {
  test('is repeated for 32 s, then the call is hung up and the application told', () => {
    core.receive(request('INVITE', 'lost-ack'), flow);
    answer('INVITE', 200);
    vi.advanceTimersByTime(31_999);
    // At 0, 0.5, 1.5, 3.5 and then each 4 s.
    expect(statuses().filter(line => line === 'SIP/2.0 200 Said')).toHaveLength(11);
    vi.advanceTimersByTime(1);
    expect(flow.sent.at(-1)).toMatch(/^BYE sip:device@192\.0\.2\.2 /);
    expect(flow.sent.at(-1)).toContain('Reason: SIP;cause=200;text="ACK timeout"');
    const told = socket.frames.at(-1) ?? '';
    expect(told.split('\r\n')[0]).toMatch(
      /\|sip\|application\|.*\|unsolicited\|lost-ack;from-tag=device\|$/,
    );
    expect(core.stats).toMatchObject({ dialogs: 0, unacknowledged: 0 });
  });

  test('is not waited for after the peer hung up', () => {
    core.receive(request('INVITE', 'gone'), flow);
    answer('INVITE', 200);
    core.receive(request('BYE', 'gone', { toTag: ourTag() }), flow);
    answer('BYE', 200);
    const count = flow.sent.length;
    vi.advanceTimersByTime(32_000);
    expect(flow.sent).toHaveLength(count);
    expect(core.stats).toEqual(EMPTY_STATS);
  });
});

test.each([
  ['INVITE', 180_000, '408 Request Timeout'],
  // RFC 4320 §4.2: a request that is no INVITE may not be answered with 408.
  ['OPTIONS', 30_000, '500 Server Internal Error'],
])('%s that no application answers is answered by the agent', (method, timeoutMs, status) => {
  core.receive(request(method, 'silent'), flow);
  vi.advanceTimersByTime(timeoutMs);
  expect(statuses().at(-1)).toBe(`SIP/2.0 ${status}`);
  expect(core.stats.pendingRequests).toBe(0);
});

test('the To tag is the same in all answers, and the application may choose it', () => {
  core.receive(request('INVITE', 'tags'), flow);
  const id = socket.transactionId('INVITE');
  socket.command(`x|sip|${id}|\r\nSIP/2.0 180 Ringing\r\nto: <sip:r>;tag=mine\r\n\r\n`);
  expect(ourTag()).toBe('mine');
  answer('INVITE', 200);
  expect(ourTag()).toBe('mine');
});

test('a CANCEL after the answer changes nothing but gets its 200', () => {
  core.receive(request('INVITE', 'late', { branch: 'late' }), flow);
  answer('INVITE', 200);
  core.receive(request('CANCEL', 'late', { branch: 'late' }), flow);
  expect(statuses().at(-1)).toBe('SIP/2.0 200 OK');
  expect(flow.sent.at(-1)).toContain('CSeq: 1 CANCEL');
  expect(core.stats.dialogs).toBe(1);
  expect(socket.transactionId('CANCEL')).toBe('');
});

test('reliable provisional answers to one that does not know them are refused, and the call stays open', () => {
  core.receive(request('INVITE', 'rel'), flow);
  const id = socket.transactionId('INVITE');
  socket.command(`r|sip|${id}|\r\nSIP/2.0 183 Progress\r\nrequire: 100rel\r\n\r\n`);
  expect(socket.frames.at(-1)).toContain('r|NOK|Remote endpoint does not support 100rel');
  answer('INVITE', 486);
  expect(statuses().at(-1)).toBe('SIP/2.0 486 Said');
});

test('an answer that cannot be sent leaves the request open for another', () => {
  core.receive(request('OPTIONS', 'typeless'), flow);
  const id = socket.transactionId('OPTIONS');
  socket.command(`r|sip|${id}|\r\nSIP/2.0 200 OK\r\n\r\nno type`);
  expect(socket.frames.at(-1)).toContain('r|NOK|missing content-type');
  answer('OPTIONS', 200);
  expect(statuses().at(-1)).toBe('SIP/2.0 200 Said');
});

test('a request that cannot be read whole is refused with 400', () => {
  const short = Buffer.from(String(request('OPTIONS', 'short')).replace('Length: 0', 'Length: 9'));
  core.receive(short, flow);
  expect(statuses()).toEqual(['SIP/2.0 400 Bad Request']);
});

test('nothing is left of 300 calls', () => {
  for (let index = 0; index < 300; index++) {
    socket.frames.length = 0;
    core.receive(request('INVITE', `call-${index}`), flow);
    answer('INVITE', 200);
    const toTag = ourTag();
    core.receive(request('ACK', `call-${index}`, { toTag }), flow);
    core.receive(request('BYE', `call-${index}`, { toTag }), flow);
    answer('BYE', 200);
  }
  expect(core.stats).toMatchObject({ dialogs: 0, pendingRequests: 0, unacknowledged: 0 });
  vi.advanceTimersByTime(32_000);
  expect(core.stats).toEqual(EMPTY_STATS);
  expect(vi.getTimerCount()).toBe(0);
});

test('nothing is left running after it is closed', () => {
  core.receive(request('INVITE', 'open'), flow);
  answer('INVITE', 200);
  core.receive(request('INVITE', 'waiting'), flow);
  core.receive(request('OPTIONS', 'asked'), flow);
  core.close();
  expect(core.stats).toEqual(EMPTY_STATS);
  vi.advanceTimersByTime(0); // the application's frames leave at the end of the turn
  expect(vi.getTimerCount()).toBe(0);
});

test('a flood is dropped above a limit, and what is under way goes on', { timeout: 60_000 }, () => {
  core.receive(request('INVITE', 'under-way'), flow);
  for (let index = 0; index < 50_000; index++) core.receive(request('BYE', `flood-${index}`), flow);
  expect(core.stats.serverTransactions).toBe(50_000);
  answer('INVITE', 486);
  expect(statuses().at(-1)).toBe('SIP/2.0 486 Said');
});
