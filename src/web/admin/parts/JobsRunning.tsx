import { ProgressBar } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useLive } from '../lib/hooks.ts';
import { Link } from './Link.tsx';

/** Long work that goes on while one looks at something else. */
export function JobsRunning() {
  const { t } = useTranslation();
  const running = [...useLive('jobs').jobs.values()].filter(({ state }) => state === 'running');
  const job = running.at(-1);
  if (!job) return <span className="jobs" />;
  return (
    <span className="jobs">
      <Link to={job.kind === 'import' ? `/import?job=${job.id}` : '/meetings'}>
        {t(`jobs.kinds.${job.kind}`)}
      </Link>
      <Progress label={t(`jobs.kinds.${job.kind}`)} done={job.done} total={job.total} />
    </span>
  );
}

export interface ProgressProps {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

export function Progress({ label, done, total }: ProgressProps) {
  return (
    <ProgressBar
      className="progress"
      aria-label={label}
      value={done}
      maxValue={Math.max(1, total)}
      valueLabel={`${done} / ${total}`}
    >
      <progress value={done} max={Math.max(1, total)} aria-hidden="true" />
      <span>
        {done} / {total}
      </span>
    </ProgressBar>
  );
}
