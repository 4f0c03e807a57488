import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CoreBench } from './core-bench.ts';

const SDP = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n';
const TIMER = 'Supported: timer';

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

const seconds = (count: number) => vi.advanceTimersByTime(count * 1_000);
const byes = () => bench.sent('BYE');

/** A call of the device, answered and acknowledged; gives our tag. */
function callIn(headers: readonly string[], answerHeaders: readonly string[] = []): string {
  bench.receive('INVITE', 'in', { headers });
  bench.answer('INVITE', 200, answerHeaders, SDP);
  const toTag = bench.ourTag();
  bench.receive('ACK', 'in', { toTag });
  return toTag;
}

/** A call of the application, answered and acknowledged; gives the name of its dialog. */
function callOut(answerHeaders: readonly string[]): string {
  bench.send('INVITE', '', ['Session-Expires: 1800'], SDP);
  const invite = bench.sent('INVITE')[0] ?? '';
  bench.reply('INVITE', 200, { headers: ['Contact: <sip:device@192.0.2.2>', ...answerHeaders] });
  const tag = /From:.*;tag=(\S+)/.exec(invite)?.[1];
  const id = `${bench.header('Call-ID', invite)};from-tag=${tag}`;
  bench.send('ACK', id);
  return id;
}

describe('pain 7: a session that is too short', () => {
  test.each([
    ['by an INVITE', 'INVITE', '89'],
    ['by a re-INVITE', 'INVITE in', '30;refresher=uas'],
    ['by an UPDATE', 'UPDATE in', '1'],
  ])('is refused with 422 and the least we take: %s', (_what, what, expires) => {
    const [method = '', isIn] = what.split(' ');
    const toTag = isIn ? callIn([]) : '';
    const headers = [TIMER, `Session-Expires: ${expires}`];
    bench.receive(method, isIn ? 'in' : 'new', { toTag, cseq: 5, headers });
    expect(bench.statuses().at(-1)).toBe('SIP/2.0 422 Session Interval Too Small');
    expect(bench.header('Min-SE')).toBe('90');
  });

  test('asked in the name of one that does not know timers is not refused', () => {
    callIn(['x: 60']);
    expect(bench.header('Session-Expires', bench.sent(200)[0])).toBeUndefined();
    seconds(100);
    expect(byes()).toEqual([]);
  });
});

describe('pain 7: who refreshes a call that came in', () => {
  test.each([
    [
      'the device, since it asked to',
      [TIMER, 'Session-Expires: 90;refresher=uac'],
      [],
      '90;refresher=uac',
      true,
    ],
    ['the device, where it left that open', ['k: timer', 'x: 120'], [], '120;refresher=uac', true],
    [
      'we, since it asked us to',
      [TIMER, 'Session-Expires: 90;refresher=uas'],
      [],
      '90;refresher=uas',
      false,
    ],
    ['we, when it does not know how', ['Session-Expires: 90'], [], '90;refresher=uas', false],
    [
      'whom the application names',
      [TIMER],
      ['session-expires: 300;refresher=uac'],
      '300;refresher=uac',
      true,
    ],
    ['nobody, when nobody asks', [TIMER], [], undefined, false],
  ])('%s', (_what, headers, answerHeaders, expected, isRequired) => {
    callIn(headers, answerHeaders);
    const ok = bench.sent(200)[0] ?? '';
    expect(bench.header('Session-Expires', ok)).toBe(expected);
    expect(bench.header('Require', ok)).toBe(isRequired ? 'timer' : undefined);
    expect(ok.match(/^session-expires:/gim)?.length ?? 0).toBe(expected ? 1 : 0);
  });
});

describe('pain 7: a device that has to refresh', () => {
  const agreed = [TIMER, 'Session-Expires: 90;refresher=uac'];

  test('and does not is hung up before the session ends, and the application is told', () => {
    callIn(agreed);
    seconds(59);
    expect(byes()).toEqual([]);
    seconds(1);
    expect(bench.header('Reason', byes()[0])).toBe('SIP;cause=200;text="Session timer expired"');
    expect(bench.socket.frames.at(-1)).toContain('|sip|application|');
    expect(bench.core.stats.dialogs).toBe(0);
  });

  test.each(['UPDATE', 'INVITE'])('and does so by %s stays', method => {
    const toTag = callIn(agreed);
    seconds(45);
    bench.receive(method, 'in', { toTag, cseq: 3, headers: agreed, branch: 'refresh' });
    const frame = bench.socket.frames.filter(text => text.includes(`\r\n${method} `)).at(-1);
    bench.say(frame?.split('|')[8] ?? '', 200);
    expect(bench.header('Session-Expires')).toBe('90;refresher=uac');
    if (method === 'INVITE') bench.receive('ACK', 'in', { toTag, cseq: 3 });
    seconds(59);
    expect(byes()).toEqual([]);
  });

  test('keeps its timer when it forgets to name it again, as long as it knows timers', () => {
    const toTag = callIn(agreed);
    bench.receive('UPDATE', 'in', { toTag, cseq: 3, headers: [TIMER] });
    bench.answer('UPDATE', 200);
    expect(bench.header('Session-Expires')).toBe('90;refresher=uac');
    bench.receive('UPDATE', 'in', { toTag, cseq: 4 });
    bench.say(lastId('UPDATE'), 200);
    expect(bench.header('Session-Expires')).toBeUndefined();
    seconds(3600);
    expect(byes()).toEqual([]);
  });
});

/** How many requests of a method went out, however often each was repeated. */
function different(method: string): number {
  return new Set(bench.sent(method)).size;
}

function lastId(method: string): string {
  const frames = bench.socket.frames.filter(text => text.includes(`\r\n${method} `));
  return frames.at(-1)?.split('|')[8] ?? '';
}

describe('pain 7: a session that we refresh', () => {
  const byUs = ['Session-Expires: 90;refresher=uas', TIMER];
  const KNOWS_UPDATE = 'Allow: INVITE, ACK, BYE, UPDATE';
  const ok = (expires = '90;refresher=uac') => ({
    headers: ['Contact: <sip:device@192.0.2.2>', `Session-Expires: ${expires}`],
    tag: 'device',
  });

  test('is refreshed at half its time by UPDATE without SDP, unknown to the application', () => {
    callIn([...byUs, KNOWS_UPDATE]);
    const frames = bench.socket.frames.length;
    seconds(45);
    const [update = ''] = bench.sent('UPDATE');
    expect(bench.header('Session-Expires', update)).toBe('90;refresher=uac');
    expect(bench.header('Content-Length', update)).toBe('0');
    bench.reply('UPDATE', 200, ok());
    seconds(45);
    bench.reply('UPDATE', 200, ok());
    expect(different('UPDATE')).toBe(2);
    seconds(44);
    expect(byes()).toEqual([]);
    expect(bench.socket.frames).toHaveLength(frames);
  });

  test('is refreshed by re-INVITE with our last SDP where UPDATE is not known', () => {
    callIn(byUs);
    seconds(45);
    const [invite = ''] = bench.sent('INVITE');
    expect(invite.endsWith(SDP)).toBe(true);
    bench.reply('INVITE', 200, ok());
    expect(bench.sent('ACK')).toHaveLength(1);
    bench.reply('INVITE', 200, ok());
    expect(bench.sent('ACK')).toHaveLength(2);
    seconds(44);
    expect(bench.sent('INVITE')).toHaveLength(1);
    seconds(1);
    expect(bench.sent('INVITE')).toHaveLength(2);
  });

  test('falls back to re-INVITE when UPDATE was promised but is not allowed', () => {
    callIn([...byUs, KNOWS_UPDATE]);
    seconds(45);
    bench.reply('UPDATE', 405);
    expect(bench.sent('INVITE')).toHaveLength(1);
  });

  test('takes the longer time that the device asks for', () => {
    callIn([...byUs, KNOWS_UPDATE]);
    seconds(45);
    bench.reply('UPDATE', 422, { headers: ['Min-SE: 180'] });
    expect(bench.header('Session-Expires', bench.sent('UPDATE')[1])).toBe('180;refresher=uac');
  });

  test('is refreshed again after a glare, a little later', () => {
    callIn([...byUs, KNOWS_UPDATE]);
    seconds(45);
    bench.reply('UPDATE', 491);
    expect(different('UPDATE')).toBe(1);
    seconds(4);
    expect(different('UPDATE')).toBe(2);
  });

  test.each([
    ['at once when the device knows nothing of it', 481, 0],
    ['at its end when it is refused until then', 500, 45],
  ])('ends %s', (_what, status, waitSec) => {
    callIn([...byUs, KNOWS_UPDATE]);
    seconds(45);
    for (let waited = 0; waited <= waitSec && byes().length === 0; waited += 5) {
      bench.reply('UPDATE', status);
      seconds(waitSec === 0 ? 0 : 5);
    }
    expect(byes()).toHaveLength(1);
    expect(bench.socket.frames.at(-1)).toContain('Session timer expired');
  });

  test('ends when nobody answers', () => {
    callIn([...byUs, KNOWS_UPDATE]);
    seconds(45 + 32);
    expect(byes()).toHaveLength(1);
  });

  test('is not kept alive for an application that is gone', () => {
    callIn([...byUs, KNOWS_UPDATE]);
    bench.socket.destroy();
    seconds(89);
    expect(bench.sent('UPDATE')).toEqual([]);
    seconds(1);
    expect(byes()).toHaveLength(1);
  });

  test('waits while something else is under way', () => {
    callIn([...byUs, KNOWS_UPDATE]);
    bench.send('INVITE', 'in;from-tag=device', [], SDP);
    bench.reply('INVITE', 180);
    seconds(50);
    expect(bench.sent('UPDATE')).toEqual([]);
    expect(bench.header('Session-Expires', bench.sent('INVITE')[0])).toBe('90;refresher=uac');
  });

  test('of a call that went out is ours unless the device takes it', () => {
    callOut(['Session-Expires: 200;refresher=uac', KNOWS_UPDATE]);
    seconds(100);
    expect(bench.sent('UPDATE')).toHaveLength(1);
  });

  test('of a call that went out is the device’s when it says so', () => {
    callOut(['Session-Expires: 300;refresher=uas', 'Require: timer']);
    seconds(267);
    expect(byes()).toEqual([]);
    seconds(1);
    expect(byes()).toHaveLength(1);
  });

  test('has no end when the device agrees to none', () => {
    callOut([]);
    seconds(7_200);
    expect(bench.sent('UPDATE')).toEqual([]);
    expect(byes()).toEqual([]);
  });

  test('stops with the call', () => {
    callIn([...byUs, KNOWS_UPDATE]);
    bench.send('BYE', 'in;from-tag=device');
    bench.reply('BYE', 200, ok());
    seconds(200);
    expect(bench.sent('UPDATE')).toEqual([]);
    expect(byes()).toHaveLength(1);
  });
});
