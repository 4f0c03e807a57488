import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CoreBench } from './core-bench.ts';

let bench: CoreBench;
beforeEach(() => {
  vi.useFakeTimers();
  bench = new CoreBench({ records: true });
});
afterEach(() => {
  bench.close();
  vi.useRealTimers();
});

/** Records so far: type, source, role or reason, and the message's first word or two. */
function records(): string[] {
  vi.advanceTimersByTime(10);
  return bench.socket.frames
    .filter(text => /\|cdr:/.test(text))
    .map(text => {
      const [leader = '', line = ''] = text.split('\r\n');
      const [, type, source, time, what = ''] = leader.split('|');
      expect(time).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
      const message = line.startsWith('SIP/2.0') ? line.slice(8, 11) : line.split(' ')[0];
      return `${type} ${source} ${what} ${message}`;
    });
}

const dialogOut = () => {
  const invite = bench.sent('INVITE')[0] ?? '';
  return `${bench.header('Call-ID', invite)};from-tag=${/From:.*;tag=(\S+)/.exec(invite)?.[1]}`;
};

test('a call that comes in and is hung up by the device', () => {
  bench.receive('INVITE', 'in');
  bench.answer('INVITE', 200);
  bench.receive('BYE', 'in', { toTag: bench.ourTag() });
  expect(records()).toEqual([
    'cdr:attempt network  INVITE',
    'cdr:start application uas 200',
    'cdr:stop network normal-release BYE',
  ]);
});

test('a call that is refused, and one that is cancelled', () => {
  bench.receive('INVITE', 'busy', { branch: 'a' });
  bench.answer('INVITE', 486);
  bench.receive('INVITE', 'cancel', { branch: 'b' });
  bench.receive('CANCEL', 'cancel', { branch: 'b' });
  expect(records()).toEqual([
    'cdr:attempt network  INVITE',
    'cdr:stop application call-rejected 486',
    'cdr:attempt network  INVITE',
    'cdr:stop application call-canceled 487',
  ]);
});

test('a call that goes out and is hung up by the application', () => {
  bench.send('INVITE');
  bench.reply('INVITE', 200);
  bench.send('ACK', dialogOut());
  bench.send('BYE', dialogOut());
  expect(records()).toEqual([
    'cdr:attempt application  INVITE',
    'cdr:start network uac 200',
    'cdr:stop application normal-release BYE',
  ]);
});

test('a call that goes out and is refused', () => {
  bench.send('INVITE');
  bench.reply('INVITE', 603);
  expect(records().at(-1)).toBe('cdr:stop network call-rejected 603');
});

test('a call whose session expires, and one whose 200 is never acknowledged', () => {
  const headers = ['Supported: timer', 'Session-Expires: 90;refresher=uac'];
  bench.receive('INVITE', 'expires', { headers });
  bench.answer('INVITE', 200);
  bench.receive('ACK', 'expires', { toTag: bench.ourTag() });
  vi.advanceTimersByTime(60_000);
  expect(records().at(-1)).toBe('cdr:stop application session-expired BYE');
  bench.receive('INVITE', 'lost');
  const frame = bench.socket.frames.filter(text => text.includes('|sip|')).at(-1);
  bench.say(frame?.split('|')[8] ?? '', 200);
  vi.advanceTimersByTime(32_000);
  expect(records().at(-1)).toBe('cdr:stop application system-initiated-termination BYE');
});
