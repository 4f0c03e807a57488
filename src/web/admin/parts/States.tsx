import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../lib/answers.ts';
import type { Problem } from '../lib/problem.ts';
import { problemText } from '../lib/words.ts';
import { Icon, type IconName } from './Icon.tsx';

/** What went wrong, what to do, and a way to try again. */
export function ProblemBox({
  problem,
  onRetry,
}: {
  readonly problem: Problem;
  readonly onRetry?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  return (
    <div className="problem-box" role="alert">
      <Icon name="alert" />
      <p>{problemText(problem, t)}</p>
      {onRetry && <Button onPress={onRetry}>{t('common.retry')}</Button>}
    </div>
  );
}

export interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly hint?: string;
  /** The next step. */
  readonly children?: ReactNode;
}

export function Empty({ icon, title, hint, children }: EmptyProps) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {hint && <p>{hint}</p>}
      {children && <div className="row">{children}</div>}
    </div>
  );
}

export function Loading() {
  const { t } = useTranslation();
  return (
    <p className="loading" role="status">
      {t('common.loading')}
    </p>
  );
}

export interface AnsweredProps<T> {
  readonly answer: Answer<T> & { readonly reload: () => void };
  readonly children: (data: T) => ReactNode;
}

/** An answer once it is there; why not, when it does not come. */
export function Answered<T>({ answer, children }: AnsweredProps<T>) {
  const { data, problem, reload } = answer;
  return (
    <>
      {problem && <ProblemBox problem={problem} onRetry={reload} />}
      {data !== undefined ? children(data) : !problem && <Loading />}
    </>
  );
}
