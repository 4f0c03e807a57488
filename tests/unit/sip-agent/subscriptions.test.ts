import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CoreBench, EMPTY_STATS } from './core-bench.ts';

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

const EVENT = ['Event: presence'];
const notify = (state: string, id: string) =>
  bench.send('NOTIFY', id, [...EVENT, `subscription-state: ${state}`]);
const told = () => bench.socket.frames.at(-1) ?? '';

/** Our subscription with a device; gives the name of its dialog. */
function subscribe(): { id: string; callId: string; tag: string } {
  bench.send('SUBSCRIBE', '', [...EVENT, 'expires: 60']);
  const sent = bench.sent('SUBSCRIBE')[0] ?? '';
  const [callId = '', tag = ''] = [
    bench.header('Call-ID', sent),
    /From:.*;tag=(\S+)/.exec(sent)?.[1],
  ];
  return { id: `${callId};from-tag=${tag}`, callId, tag };
}

test('the application notifies one that subscribed, until it says that this was the last', () => {
  bench.receive('SUBSCRIBE', 'sub', { headers: [...EVENT, 'Expires: 60'] });
  bench.answer('SUBSCRIBE', 202, ['expires: 60']);
  const id = 'sub;from-tag=device';
  notify('active', id);
  bench.reply('NOTIFY', 200);
  notify('terminated;reason=noresource', id);
  expect(bench.sent('NOTIFY')).toHaveLength(2);
  bench.reply('NOTIFY', 200);
  notify('active', id);
  expect(told()).toContain('NOK|Server error: unable to find dialog');
  vi.advanceTimersByTime(40_000);
  expect(bench.core.stats).toEqual(EMPTY_STATS);
});

test('a subscription that is not renewed is forgotten some time after its end', () => {
  bench.receive('SUBSCRIBE', 'sub', { headers: [...EVENT, 'Expires: 600'] });
  bench.answer('SUBSCRIBE', 200, ['expires: 60']);
  const toTag = bench.ourTag();
  vi.advanceTimersByTime(59_000);
  bench.receive('SUBSCRIBE', 'sub', { toTag, cseq: 2, headers: [...EVENT, 'Expires: 60'] });
  bench.say(bench.socket.frames.at(-1)?.split('|')[8] ?? '', 200, ['expires: 60']);
  vi.advanceTimersByTime(91_000);
  expect(bench.core.stats.dialogs).toBe(1);
  vi.advanceTimersByTime(1_000);
  expect(bench.core.stats.dialogs).toBe(0);
});

test('a device that we subscribed to notifies us, and its last word is answered as well', () => {
  const { id, callId, tag } = subscribe();
  bench.reply('SUBSCRIBE', 200, { headers: ['Contact: <sip:device@192.0.2.2>', 'Expires: 60'] });
  const from = { toTag: tag, fromTag: 'peer' };
  bench.receive('NOTIFY', callId, { ...from, headers: ['Subscription-State: active'] });
  vi.advanceTimersByTime(10);
  expect(told().split('|')[9]).toBe(id);
  bench.say(told().split('|')[8] ?? '', 200);
  expect(bench.statuses().at(-1)).toBe('SIP/2.0 200 Said');
  bench.receive('NOTIFY', callId, {
    ...from,
    cseq: 2,
    headers: ['Subscription-State: terminated'],
  });
  expect(bench.core.stats.dialogs).toBe(0);
  bench.say(told().split('|')[8] ?? '', 200);
  expect(told()).toContain('|OK|');
});

test('a NOTIFY that overtakes the 200 to our SUBSCRIBE makes the dialog', () => {
  const { id, callId, tag } = subscribe();
  bench.receive('NOTIFY', callId, { toTag: tag, fromTag: 'peer' });
  vi.advanceTimersByTime(10);
  expect(told().split('|')[9]).toBe(id);
  bench.answer('NOTIFY', 200);
  bench.reply('SUBSCRIBE', 200, { headers: ['Contact: <sip:device@192.0.2.2>'] });
  expect(bench.core.stats.dialogs).toBe(1);
});

test('a NOTIFY for nothing is refused', () => {
  bench.receive('NOTIFY', 'nothing', { toTag: 'nobody' });
  expect(bench.statuses()).toEqual(['SIP/2.0 481 Call/Transaction Does Not Exist']);
});
