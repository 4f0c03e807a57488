import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { ImportKind, type JobView } from '../../../contract/jobs.ts';
import { operations } from '../../../contract/operations.ts';
import { saveFile } from '../../shared/save-file.ts';
import { useAct, useApp, useLive, usePlace } from '../lib/hooks.ts';
import { Choice } from '../parts/Fields.tsx';
import { ChooseFile } from '../parts/import/ChooseFile.tsx';
import { ImportProgress } from '../parts/import/ImportProgress.tsx';
import { ImportResult } from '../parts/import/ImportResult.tsx';
import { PageHead } from '../parts/ListTools.tsx';

type Format = 'csv' | 'xlsx';

/** From a spreadsheet to sites: a file, what is wrong with it, the import, what came of it. */
export function ImportPage() {
  const { client, router } = useApp();
  const { t } = useTranslation();
  const { query } = usePlace();
  const [kind, setKind] = useState<ImportKind>('sites');
  const [file, setFile] = useState<File>();
  const [started, setStarted] = useState<{ job: JobView; isDry: boolean }>();
  const [isBusy, act] = useAct();
  const job = useJob(started?.job, query.get('job') ?? undefined);
  const isDry = started?.isDry ?? false;

  const send = (chosen: File, dryRun: boolean) =>
    act(async () => {
      const params = { kind };
      // The query is text on its way, and read as what it means.
      const ask = { dryRun: String(dryRun), skipFaulty: String(!dryRun) };
      const sent = await client.call(operations.importRows, { params, query: ask, file: chosen });
      setStarted({ job: sent, isDry: dryRun });
    });
  const choose = (chosen: File) => {
    setFile(chosen);
    void send(chosen, true);
  };
  const restart = () => {
    setFile(undefined);
    setStarted(undefined);
    router.go('/import', { replaces: true });
  };

  return (
    <>
      <PageHead title={t('nav.import')} />
      <ol className="steps" aria-label={t('import.steps')}>
        {(['file', 'check', 'import'] as const).map((step, index) => (
          <li key={step} aria-current={stepOf(job, isDry) === index ? 'step' : undefined}>
            {t(`import.step.${step}`)}
          </li>
        ))}
      </ol>
      {!job && (
        <>
          <div className="tools">
            <Choice
              className="filter"
              label={t('import.kind')}
              value={kind}
              options={ImportKind.options.map(one => ({
                value: one,
                label: t(`import.kinds.${one}`),
              }))}
              onChange={setKind}
            />
          </div>
          <ChooseFile isBusy={isBusy} onChoose={choose} />
          <Files kind={kind} />
        </>
      )}
      {job?.state === 'running' && <ImportProgress job={job} isDry={isDry} />}
      {job && job.state !== 'running' && (
        <ImportResult
          job={job}
          isDry={isDry}
          fileName={file?.name}
          isBusy={isBusy}
          onImport={() => file && void send(file, false)}
          onRestart={restart}
        />
      )}
    </>
  );
}

function stepOf(job: JobView | undefined, isDry: boolean): number {
  if (!job) return 0;
  return isDry ? 1 : 2;
}

/** A job as it stands now: the one begun here, or the one the address names. */
function useJob(started: JobView | undefined, named: string | undefined): JobView | undefined {
  const { jobs } = useLive('jobs');
  const asked = useNamedJob(started ? undefined : named);
  const known = started ?? asked;
  return known && (jobs.get(known.id) ?? known);
}

function useNamedJob(id: string | undefined): JobView | undefined {
  const { client } = useApp();
  const [job, setJob] = useState<JobView>();
  useEffect(() => {
    if (id === undefined) return setJob(undefined);
    const asked = client.call(operations.getJob, { params: { id } });
    asked.then(setJob, () => setJob(undefined)); // an old job is forgotten: one begins anew
  }, [client, id]);
  return job;
}

/** Templates to fill in, and what there is already. */
function Files({ kind }: { readonly kind: ImportKind }) {
  const { client } = useApp();
  const { t } = useTranslation();
  const [isBusy, act] = useAct();
  const fetchTemplate = (format: Format) =>
    act(async () => {
      const ask = { params: { kind }, query: { format } };
      const content = await client.download(operations.importTemplate, ask);
      saveFile({ content, name: `${kind}-template.${format}` });
    });
  const fetchAll = (format: Format) =>
    act(async () => {
      const content = await client.download(operations.exportRows, {
        params: { kind },
        query: { format },
      });
      saveFile({ content, name: `${kind}.${format}` });
    });
  return (
    <div className="cards wide">
      <section className="card-box">
        <h2>{t('import.template')}</h2>
        <p className="hint">{t('import.templateHint')}</p>
        <p className="row">
          <Button isDisabled={isBusy} onPress={() => void fetchTemplate('csv')}>
            CSV
          </Button>
          <Button isDisabled={isBusy} onPress={() => void fetchTemplate('xlsx')}>
            Excel
          </Button>
        </p>
      </section>
      <section className="card-box">
        <h2>{t('import.export')}</h2>
        <p className="hint">{t('import.exportHint')}</p>
        <p className="row">
          <Button isDisabled={isBusy} onPress={() => void fetchAll('csv')}>
            CSV
          </Button>
          <Button isDisabled={isBusy} onPress={() => void fetchAll('xlsx')}>
            Excel
          </Button>
        </p>
      </section>
    </div>
  );
}
