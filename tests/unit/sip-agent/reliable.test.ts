import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CoreBench, EMPTY_STATS } from './core-bench.ts';

const RELIABLE = ['Supported: 100rel'];
const REQUIRE = ['Require: 100rel'];
const SDP = 'v=0\r\n';

let bench: CoreBench;
beforeEach(() => {
  vi.useFakeTimers();
  bench = new CoreBench();
});
afterEach(() => {
  bench.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a reliable 1xx of ours', () => {
  const progress = (body = '') => bench.answer('INVITE', 183, REQUIRE, body);
  const rseq = () => Number(bench.header('RSeq', bench.sent(183).at(-1)));

  beforeEach(() => bench.receive('INVITE', 'rel', { headers: RELIABLE }));

  test('has RSeq and Contact, and makes a dialog the application can use after its PRACK', () => {
    progress();
    expect(rseq()).toBeGreaterThan(0);
    expect(bench.header('Contact')).toContain('192.0.2.1');
    bench.send('INFO', 'rel;from-tag=device');
    expect(bench.socket.frames.at(-1)).toContain('NOK|Server error: unable to find dialog');
    prack();
    bench.send('INFO', 'rel;from-tag=device');
    expect(bench.sent('INFO')).toHaveLength(1);
  });

  test('is repeated without end to the doubling until its PRACK', () => {
    progress();
    vi.advanceTimersByTime(16_000);
    // At 0, 0.5, 1.5, 3.5, 7.5 and 15.5 s; RFC 3262 §3.
    expect(bench.sent(183)).toHaveLength(6);
    prack();
    vi.advanceTimersByTime(16_000);
    expect(bench.sent(183)).toHaveLength(6);
    expect(bench.socket.delivered('PRACK')?.split('|')[9]).toBe('rel;from-tag=device');
  });

  test('whose PRACK never comes ends the call, and the application hears of it', () => {
    progress();
    vi.advanceTimersByTime(32_000);
    expect(bench.statuses().at(-1)).toBe('SIP/2.0 504 Server Time-out');
    expect(bench.socket.transactionId('CANCEL')).toBe(bench.socket.transactionId('INVITE'));
    expect(bench.core.stats).toMatchObject({ pendingRequests: 0, dialogs: 0 });
  });

  test('holds back the next one, and the 200, until its PRACK is answered', () => {
    progress(SDP);
    progress();
    bench.answer('INVITE', 200, [], SDP);
    expect(bench.statuses().slice(1)).toEqual(['SIP/2.0 183 Said']);
    const first = rseq();
    prack();
    bench.answer('PRACK', 200);
    expect(rseq()).toBe(first + 1);
    prack(3);
    expect(bench.sent(200)).toHaveLength(1);
    const [, second] = bench.socket.frames.filter(text => text.includes('\r\nPRACK '));
    bench.say(second?.split('|')[8] ?? '', 200);
    expect(bench.sent(200)).toHaveLength(3);
    expect(bench.header('CSeq')).toBe('1 INVITE');
    expect(bench.core.stats).toMatchObject({ dialogs: 1, unacknowledged: 1 });
  });

  test('holds back no refusal, and what waited is told that it was not sent', () => {
    progress();
    progress();
    bench.answer('INVITE', 486);
    expect(bench.statuses().at(-1)).toBe('SIP/2.0 486 Said');
    expect(bench.socket.frames.at(-1)).toContain('NOK|Response not sent');
    vi.advanceTimersByTime(5_000);
    expect(bench.sent(183)).toHaveLength(1);
    expect(bench.core.stats.dialogs).toBe(0);
  });

  test.each([
    ['another number', (n: number) => `${n + 1} 1 INVITE`],
    ['another INVITE', (n: number) => `${n} 2 INVITE`],
    ['no INVITE', (n: number) => `${n} 1 OPTIONS`],
    ['nothing readable', () => 'x'],
  ])('is not acknowledged by a PRACK for %s', (_what, rack) => {
    progress();
    bench.receive('PRACK', 'rel', {
      toTag: bench.ourTag(),
      cseq: 2,
      headers: [`RAck: ${rack(rseq())}`],
    });
    expect(bench.statuses().at(-1)).toBe('SIP/2.0 481 Call/Transaction Does Not Exist');
    vi.advanceTimersByTime(500);
    expect(bench.sent(183)).toHaveLength(2);
  });

  test('stops when the caller cancels', () => {
    progress();
    bench.receive('BYE', 'rel', { toTag: bench.ourTag() });
    vi.advanceTimersByTime(1_000);
    expect(bench.sent(183)).toHaveLength(1);
  });

  function prack(cseq = 2): void {
    const toTag = /To:.*;tag=(\S+)/.exec(bench.sent(183).at(-1) ?? '')?.[1] ?? '';
    bench.receive('PRACK', 'rel', { toTag, cseq, headers: [`RAck: ${rseq()} 1 INVITE`] });
  }
});

describe('before the call is answered', () => {
  test('a BYE of the caller ends it, and the application hears of a CANCEL', () => {
    bench.receive('INVITE', 'early');
    bench.answer('INVITE', 180);
    bench.receive('BYE', 'early', { toTag: bench.ourTag() });
    expect(bench.statuses().slice(-2)).toEqual([
      'SIP/2.0 487 Request Terminated',
      'SIP/2.0 200 OK',
    ]);
    expect(bench.socket.transactionId('CANCEL')).toBe(bench.socket.transactionId('INVITE'));
    expect(bench.core.stats).toMatchObject({ dialogs: 0, pendingRequests: 0 });
  });

  test('an UPDATE is told under the INVITE’s id, and each is answered as its CSeq says', () => {
    bench.receive('INVITE', 'upd');
    bench.answer('INVITE', 180);
    const toTag = bench.ourTag();
    bench.receive('UPDATE', 'upd', { toTag, cseq: 2 });
    const id = bench.socket.transactionId('INVITE');
    expect(bench.socket.transactionId('UPDATE')).toBe(id);
    bench.say(id, 200, ['cseq: 2 UPDATE']);
    expect(bench.header('CSeq')).toBe('2 UPDATE');
    bench.say(id, 200, ['cseq: 1 INVITE']);
    expect(bench.header('CSeq')).toBe('1 INVITE');
    bench.say(id, 200, ['cseq: 1 INVITE']);
    expect(bench.socket.frames.at(-1)).toContain('NOK|Response not sent');
  });

  test('a second INVITE in the dialog is told to come again', () => {
    bench.receive('INVITE', 'twice');
    bench.answer('INVITE', 180);
    bench.receive('INVITE', 'twice', { toTag: bench.ourTag(), cseq: 2 });
    expect(bench.statuses().at(-1)).toBe('SIP/2.0 500 Server Internal Error');
    expect(Number(bench.header('Retry-After'))).toBeLessThanOrEqual(10);
  });

  test('the dialog goes with a refusal', () => {
    bench.receive('INVITE', 'no');
    bench.answer('INVITE', 180);
    expect(bench.core.stats.dialogs).toBe(1);
    bench.answer('INVITE', 603);
    expect(bench.core.stats.dialogs).toBe(0);
  });
});

describe('a reliable 1xx of the peer', () => {
  const dialogId = () => {
    const invite = bench.sent('INVITE')[0] ?? '';
    return `${bench.header('Call-ID', invite)};from-tag=${/From:.*;tag=(\S+)/.exec(invite)?.[1]}`;
  };
  const ring = (rseq: number, tag = 'peer', contact = 'device') =>
    bench.reply('INVITE', 183, {
      tag,
      headers: [
        'Require: 100rel',
        `RSeq: ${rseq}`,
        `Contact: <sip:${contact}@192.0.2.2>`,
        'Record-Route: <sip:192.0.2.2;lr>',
      ],
    });
  const told = () => {
    vi.advanceTimersByTime(10);
    return bench.socket.frames.filter(text => text.includes('SIP/2.0 183'));
  };
  const prack = (rack: string) => bench.send('PRACK', dialogId(), [`rack: ${rack}`]);

  beforeEach(() => bench.send('INVITE', '', RELIABLE));

  test('is told once, and its PRACK goes to the Contact it gave', () => {
    ring(17);
    ring(17);
    expect(told()).toHaveLength(1);
    const seq = Number(bench.header('CSeq')?.split(' ')[0]);
    prack(`17 ${seq} INVITE`);
    const sent = bench.flow.sent.at(-1) ?? '';
    expect(sent).toMatch(/^PRACK sip:device@192\.0\.2\.2 /);
    expect(bench.header('CSeq')).toBe(`${seq + 1} PRACK`);
    expect(bench.header('Route')).toBe('<sip:192.0.2.2;lr>');
    expect(bench.header('RAck')).toBe(`17 ${seq} INVITE`);
  });

  test('is dropped when it comes before its turn', () => {
    ring(17);
    ring(19);
    ring(18);
    expect(told()).toHaveLength(2);
  });

  test('of each device that rings gets the PRACK that is meant for it', () => {
    ring(1, 'first', 'first');
    ring(5, 'second', 'second');
    prack('1 1 INVITE');
    expect(bench.flow.sent.at(-1)).toMatch(/^PRACK sip:first@/);
    prack('5 1 INVITE');
    expect(bench.flow.sent.at(-1)).toMatch(/^PRACK sip:second@/);
    expect(bench.core.stats.dialogs).toBe(2);
  });

  test('leaves no dialog behind when another device answers, or none does', () => {
    ring(1, 'first');
    ring(5, 'second');
    bench.reply('INVITE', 200, { tag: 'second' });
    expect(bench.core.stats.dialogs).toBe(1);
    bench.send('INVITE');
    ring(1, 'third');
    bench.reply('INVITE', 486, { tag: 'third' });
    expect(bench.core.stats.dialogs).toBe(1);
  });

  test('goes on as the call: numbers count on and the route is that of the 200', () => {
    ring(17);
    const seq = Number(bench.header('CSeq', bench.sent('INVITE')[0])?.split(' ')[0]);
    prack(`17 ${seq} INVITE`);
    bench.reply('INVITE', 200, { headers: ['Contact: <sip:answered@192.0.2.2>'] });
    bench.send('ACK', dialogId());
    expect(bench.flow.sent.at(-1)).toMatch(/^ACK sip:answered@/);
    expect(bench.header('CSeq')).toBe(`${seq} ACK`);
    expect(bench.header('Route')).toBeUndefined();
    bench.send('BYE', dialogId());
    expect(bench.header('CSeq')).toBe(`${seq + 2} BYE`);
  });

  test('lets the device send an UPDATE before it answers', () => {
    ring(17);
    const [callId = '', tag = ''] = dialogId().split(';from-tag=');
    bench.receive('UPDATE', callId, { toTag: tag, fromTag: 'peer' });
    vi.advanceTimersByTime(10);
    expect(bench.socket.delivered('UPDATE')?.split('|')[9]).toBe(dialogId());
    bench.answer('UPDATE', 200, ['cseq: 1 UPDATE']);
    expect(bench.header('CSeq')).toBe('1 UPDATE');
  });
});

test('an unreliable 180 makes a dialog for the peer, not for the application', () => {
  bench.send('INVITE');
  bench.reply('INVITE', 180);
  const invite = bench.sent('INVITE')[0] ?? '';
  const tag = /From:.*;tag=(\S+)/.exec(invite)?.[1] ?? '';
  const callId = bench.header('Call-ID', invite) ?? '';
  bench.send('UPDATE', `${callId};from-tag=${tag}`);
  expect(bench.socket.frames.at(-1)).toContain('NOK|Server error: unable to find dialog');
  bench.receive('INFO', callId, { toTag: tag, fromTag: 'peer' });
  vi.advanceTimersByTime(10);
  bench.answer('INFO', 200);
  expect(bench.statuses().at(-1)).toBe('SIP/2.0 200 Said');
  bench.reply('INVITE', 404);
  vi.advanceTimersByTime(40_000);
  expect(bench.core.stats).toEqual(EMPTY_STATS);
});
