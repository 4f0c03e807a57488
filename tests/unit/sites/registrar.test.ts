import { beforeEach, describe, expect, it } from 'vitest';
import { type RegisterRequest, Registrar } from '../../../src/sites/registrar.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';

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

  let store: MemoryStore;
  let told: string[];

  const reopen = async () => {
    const rules = { minExpiresSec: 60, maxExpiresSec: 3600 };
    registrar = await Registrar.open(rules, clock, store, () => undefined);
    registrar.on('registered', ({ sipUsername }) => told.push(`${sipUsername} registered`));
    registrar.on('gone', ({ sipUsername, why }) => told.push(`${sipUsername} ${why}`));
  };

  beforeEach(async () => {
    clock = new FakeClock();
    store = new MemoryStore();
    told = [];
    await reopen();
  });

  it('binds a contact and forgets it when it expires', async () => {
    await registrar.register(request());
    expect(registrar.bindings('xa-1').map(b => b.contactUri)).toEqual(['sip:xa-1@192.0.2.20']);
    await clock.advance(600_000);
    expect(registrar.bindings('xa-1')).toEqual([]);
  });

  it('shortens an expiry that is too long and refuses one that is too brief', async () => {
    await registrar.register(request({ expiresSec: 99_999 }));
    expect(registrar.bindings('xa-1')[0]?.expiresAtMs).toBe(clock.now() + 3_600_000);
    const brief = await registrar.register(request({ cseq: 2, expiresSec: 30 }));
    expect(brief).toEqual({ kind: 'too-brief', minExpiresSec: 60 });
  });

  it('a contact’s own expires wins over the header', async () => {
    await registrar.register(request({ contacts: [{ uri: 'sip:a@192.0.2.20', expiresSec: 120 }] }));
    expect(registrar.bindings('xa-1')[0]?.expiresAtMs).toBe(clock.now() + 120_000);
  });

  it('refreshing replaces the binding instead of adding one', async () => {
    await registrar.register(request());
    await registrar.register(request({ cseq: 2 }));
    expect(registrar.bindings('xa-1')).toHaveLength(1);
  });

  it('expires 0 removes one contact, the star removes all', async () => {
    const two = [{ uri: 'sip:a@192.0.2.20' }, { uri: 'sip:b@192.0.2.21' }];
    await registrar.register(request({ contacts: two }));
    await registrar.register(request({ cseq: 2, contacts: two.slice(0, 1), expiresSec: 0 }));
    expect(registrar.bindings('xa-1').map(b => b.contactUri)).toEqual(['sip:b@192.0.2.21']);
    await registrar.register(request({ cseq: 3, contacts: '*', expiresSec: 0 }));
    expect(registrar.bindings('xa-1')).toEqual([]);
  });

  it('a star with a life-time is refused and changes nothing', async () => {
    await registrar.register(request());
    const star = request({ cseq: 2, contacts: '*' });
    await expect(registrar.register(star)).rejects.toThrow('Expires: 0');
    expect(registrar.bindings('xa-1')).toHaveLength(1);
  });

  it('a late copy of an older REGISTER cannot undo a newer one', async () => {
    await registrar.register(request({ cseq: 5 }));
    const late = request({ cseq: 4, expiresSec: 0 });
    await expect(registrar.register(late)).rejects.toThrow('older');
    expect(registrar.bindings('xa-1')).toHaveLength(1);
  });

  it('a query lists without changing', async () => {
    await registrar.register(request());
    const result = await registrar.register(request({ contacts: [] }));
    expect(result.kind === 'bound' && result.bindings).toHaveLength(1);
  });

  it('knows a caller by the socket that registered, and by no other', async () => {
    await registrar.register(request());
    expect(registrar.isBoundTo('xa-1', '192.0.2.20:5060', 'udp')).toBe(true);
    expect(registrar.isBoundTo('xa-1', '192.0.2.99:5060', 'udp')).toBe(false);
    expect(registrar.isBoundTo('xa-1', '192.0.2.20:5060', 'tcp')).toBe(false);
    expect(registrar.isBoundTo('xa-2', '192.0.2.20:5060', 'udp')).toBe(false);
  });

  it('an account cannot pile up contacts without end', async () => {
    for (let i = 0; i < 30; i++)
      await registrar.register(request({ cseq: i + 1, contacts: [{ uri: `sip:x@192.0.2.${i}` }] }));
    expect(registrar.bindings('xa-1')).toHaveLength(10);
  });

  it('knows after a restart what it knew before', async () => {
    await registrar.register(request({ cseq: 7 }));
    const before = registrar.bindings('xa-1');
    await reopen();
    expect(registrar.bindings('xa-1')).toEqual(before);
    await expect(registrar.register(request({ cseq: 7 }))).rejects.toThrow('older');
    await registrar.register(request({ cseq: 8, contacts: '*', expiresSec: 0 }));
    await reopen();
    expect(registrar.bindings('xa-1')).toEqual([]);
  });

  it('answers when it is stored, not before', async () => {
    let isStored = false;
    store.saveBindings = async () => {
      await new Promise(resolve => setImmediate(resolve));
      isStored = true;
    };
    await registrar.register(request());
    expect(isStored).toBe(true);
  });

  it('tells who came, who went and who ran out, each once', async () => {
    await registrar.register(request());
    await registrar.register(request({ cseq: 2 }));
    await registrar.register(request({ cseq: 3, expiresSec: 0 }));
    await registrar.register(request({ cseq: 4 }));
    await clock.advance(601_000);
    registrar.sweep();
    registrar.sweep();
    expect(told).toEqual([
      'xa-1 registered',
      'xa-1 unregistered',
      'xa-1 registered',
      'xa-1 expired',
    ]);
  });
});
