import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { JobView } from '../../../../contract/jobs.ts';
import { operations } from '../../../../contract/operations.ts';
import { useAct, useApp } from '../../lib/hooks.ts';
import { Progress } from '../JobsRunning.tsx';

/** How far it is, and stopping it. */
export function ImportProgress({ job, isDry }: { readonly job: JobView; readonly isDry: boolean }) {
  const { client } = useApp();
  const { t } = useTranslation();
  const [isBusy, act] = useAct();
  const label = t(isDry ? 'import.checking' : 'import.importing');
  const cancel = () => act(() => client.call(operations.cancelJob, { params: { id: job.id } }));
  return (
    <section className="card-box">
      <h2>{label}</h2>
      <Progress label={label} done={job.done} total={job.total} />
      <p>
        <Button isDisabled={isBusy} onPress={() => void cancel()}>
          {t('common.cancel')}
        </Button>
      </p>
    </section>
  );
}
