import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EndpointId, SiteId } from '../../../src/domain/ids.ts';
import type { EndpointProbe, ProbeResult, ProbeTarget } from '../../../src/sites/ports.ts';
import { Presence } from '../../../src/sites/presence.ts';
import { type RegisterRequest, Registrar } from '../../../src/sites/registrar.ts';
import { Rounds } from '../../../src/sites/rounds.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';

const log = pino({ level: 'silent' });
const INTERVAL_MS = 60_000;

describe('presence', () => {
  let clock: FakeClock;
  let store: MemoryStore;
  let registrar: Registrar;
  let presence: Presence;
  let cseq = 0;

  const endpoint = (sipUsername: string, ...fixedAddresses: string[]) => ({
    id: `e-${sipUsername}` as EndpointId,
    siteId: 's' as SiteId,
    sipUsername,
    ha1: { md5: '', sha256: undefined },
    fixedAddresses,
  });
  const main = endpoint('main');
  const fixed = endpoint('fixed', '10.0.0.0/8', '10.9.9.9');

  const restart = async () => {
    const rules = { minExpiresSec: 60, maxExpiresSec: 3600 };
    registrar = await Registrar.open(rules, clock, store, () => undefined);
    presence = await Presence.open({ sites: store, events: store, registrar, clock, log });
  };

  beforeEach(async () => {
    clock = new FakeClock();
    store = new MemoryStore();
    await store.insertSite({ id: 's' as SiteId, name: 'Xã', endpoints: [main, fixed] });
    await restart();
  });

  const register = async (change: Partial<RegisterRequest> = {}) => {
    cseq += 1;
    await registrar.register({
      sipUsername: 'main',
      contacts: [{ uri: 'sip:main@192.168.1.5' }],
      expiresSec: 600,
      sipCallId: 'reg',
      cseq,
      sourceAddr: '10.1.1.1:5060',
      sipTransport: 'udp',
      userAgent: 'Codec/1',
      ...change,
    });
    await settle();
  };
  const state = () => presence.status(main).state;
  const history = async () => (await presence.history(main.id)).map(({ kind }) => kind).reverse();

  it('tells an endpoint’s story, and why it is not there', async () => {
    expect(state()).toBe('never-seen');
    presence.wrongPassword('main', '10.1.1.1:5060');
    await settle();
    expect(presence.status(main)).toMatchObject({
      state: 'unregistered',
      last: { kind: 'wrong-password', detail: '10.1.1.1:5060' },
    });
    await register();
    expect(state()).toBe('registered');
    await clock.advance(601_000);
    registrar.sweep();
    await settle();
    expect(state()).toBe('unregistered');
    await register();
    await register({ contacts: '*', expiresSec: 0 });
    expect(await history()).toEqual([
      'wrong-password',
      'registered',
      'expired',
      'registered',
      'unregistered',
    ]);
  });

  it('a device that tries a wrong password every few seconds fills no history', async () => {
    for (let i = 0; i < 20; i++) {
      presence.wrongPassword('main', '10.1.1.1:5060');
      await clock.advance(5_000);
    }
    expect(await history()).toEqual(['wrong-password']);
  });

  it('is unreachable after two questions without an answer, until it answers', async () => {
    await register();
    presence.probed(main.id, { kind: 'answered', roundTripMs: 12 });
    expect(presence.status(main)).toMatchObject({ state: 'registered', roundTripMs: 12 });
    presence.probed(main.id, { kind: 'no-answer' });
    expect(state()).toBe('registered');
    presence.probed(main.id, { kind: 'not-asked' });
    presence.probed(main.id, { kind: 'no-answer' });
    expect(presence.status(main)).toMatchObject({
      state: 'unreachable',
      last: { kind: 'no-answer' },
      roundTripMs: undefined,
    });
    presence.probed(main.id, { kind: 'no-answer' });
    presence.probed(main.id, { kind: 'answered', roundTripMs: 15 });
    expect(state()).toBe('registered');
    expect(await history()).toEqual(['registered', 'no-answer', 'reachable']);
  });

  it('knows after a restart what it knew before', async () => {
    await register();
    const sinceMs = presence.status(main).sinceMs;
    await clock.advance(10_000);
    await restart();
    expect(presence.status(main)).toMatchObject({ state: 'registered', sinceMs });
  });

  it('asks where the packets came from, not where a device behind NAT says it is', async () => {
    await register();
    const uri = 'sip:main@192.168.1.5';
    expect(presence.targetOf(main)).toMatchObject({ uri, udpAddr: '10.1.1.1:5060' });
    await register({ sipTransport: 'tcp' });
    expect(presence.targetOf(main)).toEqual({ uri, siteNetworks: [] });
    expect(presence.targetOf(fixed)).toMatchObject({ uri: 'sip:10.9.9.9' });
    await register({ contacts: '*', expiresSec: 0 });
    expect(presence.targetOf(main)).toBeUndefined();
  });

  describe('on its rounds', () => {
    let asked: ProbeTarget[];
    let answer: ProbeResult;
    let rounds: Rounds;

    beforeEach(() => {
      asked = [];
      answer = { kind: 'answered', roundTripMs: 20 };
      const probe: EndpointProbe = {
        probe: async target => {
          asked.push(target);
          return answer;
        },
      };
      const deps = { presence, sites: store, registrar, probe, clock };
      rounds = new Rounds({ ...deps, intervalMs: INTERVAL_MS, log });
      rounds.start();
    });

    it('asks everybody once an interval, a new one soon, and nobody after the end', async () => {
      await clock.advance(3_000);
      expect(asked.map(({ uri }) => uri)).toEqual(['sip:10.9.9.9']);
      expect(presence.status(fixed)).toMatchObject({ state: 'reachable', roundTripMs: 20 });
      await register();
      await clock.advance(3_000);
      expect(asked).toHaveLength(2);
      await clock.advance(10 * INTERVAL_MS);
      expect(asked.length).toBeGreaterThanOrEqual(2 + 2 * 8);
      expect(asked.length).toBeLessThanOrEqual(2 + 2 * 12);
      rounds.close();
      const before = asked.length;
      await clock.advance(2 * INTERVAL_MS);
      expect(asked).toHaveLength(before);
    });

    it('asks sooner who did not answer, and says so', async () => {
      answer = { kind: 'no-answer' };
      await clock.advance(INTERVAL_MS / 2);
      expect(asked.length).toBeGreaterThanOrEqual(2);
      expect(presence.status(fixed).state).toBe('unreachable');
      rounds.close();
    });

    it('drops registrations that ran out', async () => {
      await register({ expiresSec: 60 });
      await clock.advance(62_000);
      expect((await presence.history(main.id))[0]?.kind).toBe('expired');
      rounds.close();
    });
  });
});
