import { beforeEach, describe, expect, it } from 'vitest';
import { type RegisterRequest, Registrar } from '../../../src/sites/registrar.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const request = (change: Partial<RegisterRequest> = {}): RegisterRequest => ({
  sipUsername: 'xa-1',
  contacts: [{ uri: 'sip:xa-1@192.0.2.20' }],
  expiresSec: 600,
  sipCallId: 'reg-1',
  cseq: 1,
  sourceAddr: '192.0.2.20:5060',
  sipTransport: 'udp',
  userAgent: 'Test/1',
  ...change,
});

describe('registrar', () => {
  let clock: FakeClock;
  let registrar: Registrar;

  beforeEach(() => {
    clock = new FakeClock();
    registrar = new Registrar({ minExpiresSec: 60, maxExpiresSec: 3600 }, clock);
  });

  it('binds a contact and forgets it when it expires', async () => {
    registrar.register(request());
    expect(registrar.bindings('xa-1').map(b => b.contactUri)).toEqual(['sip:xa-1@192.0.2.20']);
    await clock.advance(600_000);
    expect(registrar.bindings('xa-1')).toEqual([]);
  });

  it('shortens an expiry that is too long and refuses one that is too brief', () => {
    registrar.register(request({ expiresSec: 99_999 }));
    expect(registrar.bindings('xa-1')[0]?.expiresAtMs).toBe(clock.now() + 3_600_000);
    const brief = registrar.register(request({ cseq: 2, expiresSec: 30 }));
    expect(brief).toEqual({ kind: 'too-brief', minExpiresSec: 60 });
  });

  it('a contact’s own expires wins over the header', () => {
    registrar.register(request({ contacts: [{ uri: 'sip:a@192.0.2.20', expiresSec: 120 }] }));
    expect(registrar.bindings('xa-1')[0]?.expiresAtMs).toBe(clock.now() + 120_000);
  });

  it('refreshing replaces the binding instead of adding one', () => {
    registrar.register(request());
    registrar.register(request({ cseq: 2 }));
    expect(registrar.bindings('xa-1')).toHaveLength(1);
  });

  it('expires 0 removes one contact, the star removes all', () => {
    const two = [{ uri: 'sip:a@192.0.2.20' }, { uri: 'sip:b@192.0.2.21' }];
    registrar.register(request({ contacts: two }));
    registrar.register(request({ cseq: 2, contacts: two.slice(0, 1), expiresSec: 0 }));
    expect(registrar.bindings('xa-1').map(b => b.contactUri)).toEqual(['sip:b@192.0.2.21']);
    registrar.register(request({ cseq: 3, contacts: '*', expiresSec: 0 }));
    expect(registrar.bindings('xa-1')).toEqual([]);
  });

  it('a star with a life-time is refused and changes nothing', () => {
    registrar.register(request());
    expect(() => registrar.register(request({ cseq: 2, contacts: '*' }))).toThrow('Expires: 0');
    expect(registrar.bindings('xa-1')).toHaveLength(1);
  });

  it('a late copy of an older REGISTER cannot undo a newer one', () => {
    registrar.register(request({ cseq: 5 }));
    const late = request({ cseq: 4, expiresSec: 0 });
    expect(() => registrar.register(late)).toThrow('older');
    expect(registrar.bindings('xa-1')).toHaveLength(1);
  });

  it('a query lists without changing', () => {
    registrar.register(request());
    const result = registrar.register(request({ contacts: [] }));
    expect(result.kind === 'bound' && result.bindings).toHaveLength(1);
  });

  it('knows a caller by the socket that registered, and by no other', () => {
    registrar.register(request());
    expect(registrar.isBoundTo('xa-1', '192.0.2.20:5060', 'udp')).toBe(true);
    expect(registrar.isBoundTo('xa-1', '192.0.2.99:5060', 'udp')).toBe(false);
    expect(registrar.isBoundTo('xa-1', '192.0.2.20:5060', 'tcp')).toBe(false);
    expect(registrar.isBoundTo('xa-2', '192.0.2.20:5060', 'udp')).toBe(false);
  });

  it('an account cannot pile up contacts without end', () => {
    for (let i = 0; i < 30; i++)
      registrar.register(request({ cseq: i + 1, contacts: [{ uri: `sip:x@192.0.2.${i}` }] }));
    expect(registrar.bindings('xa-1')).toHaveLength(10);
  });
});
