import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Dialog } from '../../../../src/sip-agent/dialog/dialog.ts';
import { Dialogs } from '../../../../src/sip-agent/dialog/dialogs.ts';
import { refusalInDialog } from '../../../../src/sip-agent/dialog/in-dialog-rules.ts';
import type { SipRequest } from '../../../../src/sip-agent/message/message.ts';
import { FakeFlow } from '../fake-flow.ts';

interface Wanted {
  readonly role?: 'uas' | 'uac';
  readonly flow?: FakeFlow;
  readonly target?: string;
  readonly routeSet?: readonly string[];
  readonly localTag?: string;
  readonly owner?: string;
  readonly state?: 'early' | 'confirmed';
}

function aDialog(wanted: Wanted = {}): Dialog<string> {
  const facts = {
    id: 'call;from-tag=remote',
    role: wanted.role ?? ('uas' as const),
    callId: 'call',
    localTag: wanted.localTag ?? 'local',
    remoteTag: 'remote',
    localAddress: '<sip:us>',
    remoteAddress: '<sip:them>',
    usage: 'invite' as const,
    owner: wanted.owner ?? 'app',
  };
  const remoteTarget = wanted.target ?? 'sip:them@192.0.2.2:5060';
  return new Dialog(facts, {
    flow: wanted.flow ?? new FakeFlow(),
    remoteTarget,
    localContact: '<sip:192.0.2.1>',
    routeSet: wanted.routeSet ?? [],
    state: wanted.state ?? 'confirmed',
    localSeq: 1,
    remoteSeq: 10,
  });
}

describe('the way of our requests', () => {
  const closed = new FakeFlow('tcp');
  closed.close();

  test.each<[string, Wanted, boolean]>([
    ['back to a device behind NAT', { target: 'sip:a@10.0.0.1' }, true],
    ['back to a device that sends from another port', { target: 'sip:a@192.0.2.2:9' }, true],
    ['by the recorded route', { routeSet: ['<sip:p;lr>'] }, false],
    ['to the Contact of one we called', { role: 'uac', target: 'sip:a@192.0.2.2:9' }, false],
    ['back to one we called that is behind NAT', { role: 'uac', target: 'sip:a@10.0.0.1' }, true],
    ['back along a connection', { flow: new FakeFlow('tcp'), target: 'sip:a@10.0.0.1' }, true],
    ['to the Contact once the connection is gone', { flow: closed }, false],
    ['back when the Contact is no SIP URI', { role: 'uac', target: 'tel:+84' }, true],
  ])('is %s', (_what, wanted, followsFlow) => {
    expect(aDialog(wanted).followsFlow).toBe(followsFlow);
  });
});

describe('what the peer asks in it', () => {
  function request(method: string, seq: number): SipRequest {
    const empty = Buffer.alloc(0);
    const [name = '', offer] = method.split(' ');
    const headers = [{ key: 'cseq', value: `${seq} ${name}` }];
    const line = { method: name, uri: 'sip:x', version: 'SIP/2.0' };
    const body = offer ? Buffer.from('v=0') : empty;
    return { kind: 'request', ...line, headers, head: empty, body };
  }

  test.each<[string, string, number, Partial<Dialog>, number | undefined]>([
    ['in order', 'INFO', 11, {}, undefined],
    ['out of order', 'INFO', 9, {}, 500],
    ['an offer that crosses ours', 'INVITE', 11, { ownInvitePending: true }, 491],
    ['an UPDATE with an offer that crosses ours', 'UPDATE +', 11, { ownInvitePending: true }, 491],
    ['an offer that crosses our UPDATE', 'INVITE', 11, { ownUpdatePending: true }, 491],
    ['an UPDATE that only refreshes', 'UPDATE', 11, { ownInvitePending: true }, undefined],
    [
      'a second UPDATE before the first is answered',
      'UPDATE',
      11,
      { peerUpdatePending: true },
      500,
    ],
    ['an UPDATE within an offer of the peer', 'UPDATE +', 11, { peerInvitePending: true }, 500],
    [
      'an UPDATE before the call is answered',
      'UPDATE +',
      11,
      { peerInvitePending: true, state: 'early' },
      undefined,
    ],
    ['a second offer before the first is answered', 'INVITE', 11, { peerInvitePending: true }, 500],
    [
      'hanging up meanwhile',
      'BYE',
      11,
      { ownInvitePending: true, peerInvitePending: true },
      undefined,
    ],
  ])('%s', (_what, method, seq, state, status) => {
    const dialog = Object.assign(aDialog(), state);
    expect(refusalInDialog(dialog, request(method, seq))?.status).toBe(status);
  });

  test('two crossing offers are told when to come again', () => {
    const dialog = Object.assign(aDialog(), { peerInvitePending: true });
    const [name, value] = refusalInDialog(dialog, request('INVITE', 11))?.headers[0] ?? [];
    expect(name).toBe('Retry-After');
    expect(Number(value)).toBeLessThanOrEqual(10);
  });
});

describe('the collection', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const tags = (localTag: string) => ({ callId: 'call', localTag, remoteTag: 'remote' });

  test('finds by the application’s id and by the peer’s tags', () => {
    const dialogs = new Dialogs<string>();
    const dialog = aDialog();
    dialogs.add(dialog);
    expect(dialogs.byId('call;from-tag=remote')).toBe(dialog);
    expect(dialogs.byTags(tags('local'))).toBe(dialog);
    dialogs.remove(dialog);
    expect([dialogs.size, dialogs.byId('call;from-tag=remote')]).toEqual([0, undefined]);
  });

  test('a dialog of the same id replaces the older one wholly', () => {
    const dialogs = new Dialogs<string>();
    const fresh = aDialog({ localTag: 'fresh' });
    dialogs.add(aDialog());
    dialogs.add(fresh);
    expect(dialogs.size).toBe(1);
    expect(dialogs.byTags(tags('local'))).toBeUndefined();
    dialogs.remove(fresh);
    expect(dialogs.size).toBe(0);
  });

  test('early dialogs of one INVITE that forked stand side by side', () => {
    const dialogs = new Dialogs<string>();
    const [first, second] = [
      aDialog({ state: 'early' }),
      aDialog({ state: 'early', localTag: 'other' }),
    ];
    dialogs.add(first);
    dialogs.add(second);
    expect(dialogs.byTags(tags('local'))).toBe(first);
    expect(dialogs.byTags(tags('other'))).toBe(second);
    dialogs.remove(first);
    expect(dialogs.byId('call;from-tag=remote')).toBe(second);
  });

  test('those of an application that is gone end after an hour', () => {
    const dialogs = new Dialogs<string>();
    dialogs.add(aDialog({ owner: 'gone' }));
    dialogs.orphan('somebody else');
    expect(vi.getTimerCount()).toBe(0);
    dialogs.orphan('gone');
    vi.advanceTimersByTime(3_600_000);
    expect(dialogs.size).toBe(0);
  });

  test('nothing runs on after it is cleared', () => {
    const dialogs = new Dialogs<string>();
    dialogs.add(aDialog({ owner: 'gone' }));
    dialogs.orphan('gone');
    dialogs.clear();
    expect([dialogs.size, vi.getTimerCount()]).toEqual([0, 0]);
  });
});
