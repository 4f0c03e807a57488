import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { CallList } from '../../src/calls/call-list.ts';
import { CallTally } from '../../src/calls/call-tally.ts';
import type { EngineHealth } from '../../src/calls/ports.ts';
import { LiveConferences } from '../../src/conferences/live-conferences.ts';
import type { ConferenceId } from '../../src/domain/ids.ts';
import { gatewayHealth } from '../../src/gateway-health.ts';
import { gatewayMetrics } from '../../src/gateway-metrics.ts';
import { writeMetrics } from '../../src/observability/prometheus.ts';
import { StageWatch } from '../../src/stage-watch.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeMediaRelay } from '../fakes/fake-media-relay.ts';
import { FakeRoomBridge } from '../fakes/fake-room-bridge.ts';
import { FakeStage } from '../fakes/fake-stage.ts';

const well: { health(): EngineHealth } = { health: () => ({ ok: true }) };
const away: typeof well = { health: () => ({ ok: false, detail: 'not reachable' }) };

describe('health', () => {
  const health = (stage: FakeStage, relay = well) =>
    gatewayHealth(
      { sip: well, relay, bridge: well, stage },
      new StageWatch(stage, new FakeClock()),
    );

  it('asked often asks the stage once a second', async () => {
    const [stage, clock] = [new FakeStage(), new FakeClock()];
    const watch = new StageWatch(stage, clock);
    const load = async () => (await watch.status())?.load.level;
    expect(await Promise.all([load(), load(), load()])).toEqual([0, 0, 0]);
    stage.load = { budgetUsed: 1.1, level: 1 };
    expect(await load()).toBe(0);
    expect(stage.requests).toHaveLength(1);
    await clock.advance(1000);
    expect(await load()).toBe(1);
    expect(stage.requests).toHaveLength(2);
  });

  it.each([
    [0.42, 0, 'composing takes 42 % of its CPU budget'],
    [1.08, 1, 'composing takes 108 % of its CPU budget, so the frame rate is lowered'],
    [1, 2, 'composing takes 100 % of its CPU budget, so frame rate and tile size are lowered'],
    [
      1.2,
      3,
      'composing takes 120 % of its CPU budget, so frame rate and tile size are lowered and no new groups of codecs are composed for',
    ],
  ])(
    'a stage at %d of its budget, level %i, is well and says so in words',
    async (budgetUsed, level, detail) => {
      const stage = new FakeStage();
      stage.load = { budgetUsed, level };
      const told = await health(stage);
      expect(told).toMatchObject({ status: 'ok', engines: { stage: { ok: true, detail } } });
    },
  );

  it('a stage that does not say is as well as its connection', async () => {
    const stage = new FakeStage();
    stage.refused.add('stage.status');
    const told = await health(stage);
    expect(told).toMatchObject({ status: 'ok', engines: { stage: { ok: true } } });
  });

  it('an engine that is away makes the whole degraded, and keeps its reason', async () => {
    const stage = new FakeStage();
    const lost = await health(stage, away);
    expect(lost.status).toBe('degraded');
    expect(lost.engines.rtpengine).toEqual({ ok: false, detail: 'not reachable' });
    stage.crash();
    const told = await health(stage);
    expect(told).toMatchObject({ status: 'degraded', engines: { stage: { ok: false } } });
  });
});

describe('metrics', () => {
  function gateway() {
    const [stage, bridge] = [new FakeStage(), new FakeRoomBridge()];
    const speaker = { minTalkMs: 300, holdMs: 1500 };
    const log = pino({ level: 'silent' });
    const clock = new FakeClock();
    const relay = new FakeMediaRelay();
    const parts = { relay, bridge, stage, clock, speaker, idleCloseMs: 0, log };
    const conferences = new LiveConferences(parts);
    const tally = new CallTally();
    const engines = { sip: well, relay: away, bridge, stage };
    const stageWatch = new StageWatch(stage, clock);
    const sources = { engines, stageWatch, calls: new CallList(), tally, conferences };
    return {
      stage,
      tally,
      conferences,
      read: async () => writeMetrics(await gatewayMetrics(sources)),
    };
  }

  it('tell calls, participants, engines and the stage’s load', async () => {
    const { stage, tally, conferences, read } = gateway();
    stage.load = { budgetUsed: 0.5, level: 1 };
    stage.pictures.add('a').add('b');
    tally.ended('peer-hangup', { direction: 'in', protocol: 'sip' });
    const names = { name: 'Giao ban', number: '1001', alias: 'giao-ban' };
    const conference = { id: 'c' as ConferenceId, ...names, members: [], layout: 'auto' as const };
    const signal = AbortSignal.timeout(60_000);
    await conferences.enter(conference, { kind: 'browser', name: 'Lan' }, signal);
    const lines = (await read()).split('\n').filter(line => !line.startsWith('#'));
    expect(lines).toEqual([
      'engine_up{engine="sip-agent"} 1',
      'engine_up{engine="rtpengine"} 0',
      'engine_up{engine="janus"} 1',
      'engine_up{engine="stage"} 1',
      'calls_running 0',
      'calls_ended_total{code="peer-hangup",blame="nobody",direction="in",protocol="sip"} 1',
      'conferences_running 1',
      'participants{kind="endpoint"} 0',
      'participants{kind="browser"} 1',
      'stage_budget_used_ratio 0.5',
      'stage_load_level 1',
      'stage_canvases 0',
      'stage_decoders 2',
      '',
    ]);
    await conferences.close();
  });

  it('of a stage that is away tell only that', async () => {
    const { stage, conferences, read } = gateway();
    stage.crash();
    const text = await read();
    expect(text).toContain('engine_up{engine="stage"} 0');
    expect(text).not.toContain('stage_');
    await conferences.close();
  });
});
