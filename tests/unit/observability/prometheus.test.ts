import { expect, it } from 'vitest';
import { writeMetrics } from '../../../src/observability/prometheus.ts';

it('writes help, type and one line for each value', () => {
  const text = writeMetrics([
    {
      name: 'calls_ended_total',
      help: 'Calls that ended.',
      type: 'counter',
      samples: [
        { labels: { code: 'peer-hangup', blame: 'nobody' }, value: 2 },
        { labels: { code: 'internal', blame: 'server' }, value: 1 },
      ],
    },
    { name: 'stage_budget_used_ratio', help: 'Share.', type: 'gauge', samples: [{ value: 0.42 }] },
    { name: 'nothing', help: 'None yet.', type: 'counter', samples: [] },
  ]);
  expect(text).toBe(`# HELP calls_ended_total Calls that ended.
# TYPE calls_ended_total counter
calls_ended_total{code="peer-hangup",blame="nobody"} 2
calls_ended_total{code="internal",blame="server"} 1
# HELP stage_budget_used_ratio Share.
# TYPE stage_budget_used_ratio gauge
stage_budget_used_ratio 0.42
# HELP nothing None yet.
# TYPE nothing counter
`);
});

it('escapes what would break a line or a label', () => {
  const samples = [{ labels: { a: 'x"y\\z\nq' }, value: 1 }];
  const text = writeMetrics([{ name: 'm', help: 'a\\b\nc "d"', type: 'gauge', samples }]);
  expect(text).toBe('# HELP m a\\\\b\\nc "d"\n# TYPE m gauge\nm{a="x\\"y\\\\z\\nq"} 1\n');
});
