import type { CallList } from './calls/call-list.ts';
import type { CallTally } from './calls/call-tally.ts';
import type { LiveConferences } from './conferences/live-conferences.ts';
import type { ParticipantKind } from './domain/conference.ts';
import { engineHealth, type GatewayEngines } from './gateway-health.ts';
import type { MetricFamily, MetricSample } from './observability/prometheus.ts';
import type { StageStatus, StageWatch } from './stage-watch.ts';

export interface MetricSources {
  readonly engines: GatewayEngines;
  readonly stageWatch: StageWatch;
  readonly calls: CallList;
  readonly tally: CallTally;
  readonly conferences: LiveConferences;
}

/** What `GET /metrics` tells; of a stage that does not answer nothing but that. */
export async function gatewayMetrics(sources: MetricSources): Promise<MetricFamily[]> {
  const { engines, calls, conferences } = sources;
  const status = await sources.stageWatch.status();
  const engineUp = Object.entries(engineHealth(engines)).map(([engine, { ok }]) => ({
    labels: { engine },
    value: Number(ok),
  }));
  return [
    gauge('engine_up', 'Whether the engine can be used.', ...engineUp),
    gauge('calls_running', 'Calls that stand or are being set up.', {
      value: calls.list().length,
    }),
    endedCalls(sources.tally),
    gauge('conferences_running', 'Conferences somebody is in.', {
      value: conferences.list().length,
    }),
    gauge('participants', 'Who is in conferences.', ...participants(conferences)),
    ...(status ? stageFamilies(status) : []),
  ];
}

function endedCalls(tally: CallTally): MetricFamily {
  const samples = tally
    .list()
    .map(({ count, ...labels }) => ({ labels: { ...labels }, value: count }));
  const help = 'Calls that ended, by the code of their end and who has to act.';
  return { name: 'calls_ended_total', help, type: 'counter', samples };
}

const KINDS: readonly ParticipantKind[] = ['endpoint', 'browser'];

function participants(conferences: LiveConferences): MetricSample[] {
  const all = conferences.list().flatMap(({ roster }) => roster.list());
  return KINDS.map(kind => ({
    labels: { kind },
    value: all.filter(one => one.kind === kind).length,
  }));
}

function stageFamilies({ load, canvases, decoders }: StageStatus): MetricFamily[] {
  return [
    gauge('stage_budget_used_ratio', 'Share of its CPU budget that composing takes.', {
      value: load.budgetUsed,
    }),
    gauge(
      'stage_load_level',
      'What was given up: 0 nothing, 1 frame rate, 2 tiles, 3 new groups.',
      {
        value: load.level,
      },
    ),
    gauge('stage_canvases', 'Pictures composed and encoded.', { value: canvases.length }),
    gauge('stage_decoders', 'Streams that are decoded.', { value: decoders }),
  ];
}

function gauge(name: string, help: string, ...samples: MetricSample[]): MetricFamily {
  return { name, help, type: 'gauge', samples };
}
