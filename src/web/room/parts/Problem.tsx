import { useTranslation } from 'react-i18next';
import { problemOf } from '../act-problem.ts';

interface ProblemProps {
  /** Of the error table; nothing is said without one. */
  readonly code: string | undefined;
  /** Where words of the page's own stand for some codes, like `rollCall.problems`. */
  readonly ours: string;
}

/** Why something was refused and what to do now. */
export function Problem({ code, ours }: ProblemProps) {
  const { t, i18n } = useTranslation();
  if (code === undefined) return null;
  const own = `${ours}.${code}`;
  const { meaning, nextStep } = problemOf(code, i18n.language);
  return (
    <p role="alert" className="problem">
      {i18n.exists(own) ? t(own) : `${meaning} ${nextStep}`}
    </p>
  );
}
