/** One value with what tells it from its neighbours; labels take few values, never names or ids. */
export interface MetricSample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All values under one name. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly MetricSample[];
}

/** Content type of the Prometheus text format. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The families in the Prometheus text format 0.0.4. */
export function writeMetrics(families: readonly MetricFamily[]): string {
  return families.map(writeFamily).join('');
}

function writeFamily({ name, help, type, samples }: MetricFamily): string {
  const head = `# HELP ${name} ${escaped(help, /[\\\n]/g)}\n# TYPE ${name} ${type}\n`;
  const lines = samples.map(({ labels = {}, value }) => `${name}${writeLabels(labels)} ${value}\n`);
  return head + lines.join('');
}

function writeLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(value, /[\\\n"]/g)}"`,
  );
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

function escaped(text: string, special: RegExp): string {
  return text.replaceAll(special, char => (char === '\n' ? '\\n' : `\\${char}`));
}
