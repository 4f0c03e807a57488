import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ImportProblem, ImportReport, JobView } from '../../../../contract/jobs.ts';
import { Problem } from '../../lib/problem.ts';
import { Link } from '../Link.tsx';
import { ProblemBox } from '../States.tsx';
import { Status } from '../Status.tsx';
import { type Column, Table } from '../Table.tsx';

export interface ImportResultProps {
  readonly job: JobView;
  /** A dry run, which changed nothing. */
  readonly isDry: boolean;
  readonly fileName: string | undefined;
  readonly isBusy: boolean;
  readonly onImport: () => void;
  readonly onRestart: () => void;
}

/** What a file would do, or has done, with every fault by row, column and reason. */
export function ImportResult(props: ImportResultProps) {
  const { job, isDry, fileName, isBusy, onImport, onRestart } = props;
  const { t } = useTranslation();
  const { report, error, state } = job;
  const canImport = isDry && fileName !== undefined && (report?.accepted ?? 0) > 0;
  return (
    <section className="stack">
      {error && <ProblemBox problem={new Problem(error.code, error.message)} />}
      {state === 'cancelled' && <Status tone="warn">{t('import.cancelled')}</Status>}
      {report && <Summary report={report} isDry={isDry} />}
      {report && report.problems.length > 0 && <Faults problems={report.problems} />}
      <p className="row">
        {canImport && (
          <Button className="primary" isDisabled={isBusy} onPress={onImport}>
            {t('import.take', { count: report?.accepted ?? 0 })}
          </Button>
        )}
        <Button onPress={onRestart}>{t(isDry ? 'import.otherFile' : 'import.again')}</Button>
        {!isDry && state === 'done' && (
          <Link to="/sites" className="button primary">
            {t('import.toSites')}
          </Link>
        )}
      </p>
    </section>
  );
}

function Summary({ report, isDry }: { report: ImportReport; isDry: boolean }) {
  const { t } = useTranslation();
  const { rows, accepted, created, changed, problems } = report;
  const faulty = new Set(problems.map(({ row }) => row)).size;
  return (
    <div className="card-box">
      <h2>{t(isDry ? 'import.checked' : 'import.done')}</h2>
      <p className="facts">
        <Status tone="good">
          {t(isDry ? 'import.good' : 'import.taken', { count: accepted })}
        </Status>
        {faulty > 0 && <Status tone="bad">{t('import.faulty', { count: faulty })}</Status>}
        <span className="hint">{t('import.ofRows', { count: rows })}</span>
      </p>
      <p>{t(isDry ? 'import.wouldDo' : 'import.didDo', { created, changed })}</p>
      {isDry && faulty > 0 && <p className="hint">{t('import.faultyHint')}</p>}
    </div>
  );
}

function Faults({ problems }: { readonly problems: readonly ImportProblem[] }) {
  const { t, i18n } = useTranslation();
  const columns: readonly Column<ImportProblem>[] = [
    { key: 'row', label: t('import.row'), isNumber: true, cell: ({ row }) => row },
    { key: 'column', label: t('import.column'), cell: ({ column }) => column ?? '—' },
    { key: 'value', label: t('import.value'), cell: ({ value }) => value || '—' },
    {
      key: 'reason',
      label: t('import.reason'),
      cell: ({ reason }) => (i18n.language === 'vi' ? reason.vi : reason.en),
    },
  ];
  return (
    <Table
      label={t('import.faults')}
      columns={columns}
      rows={problems}
      keyOf={({ row, column, code }) => `${row} ${column} ${code}`}
    />
  );
}
