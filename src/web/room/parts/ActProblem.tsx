import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { problemOf } from '../act-problem.ts';
import type { Acting } from '../acting.ts';

/** Why something was refused and what to do now, where it was asked for. */
export function ActProblem({ acting }: { readonly acting: Acting }) {
  const { t, i18n } = useTranslation();
  const { problem } = useStore(acting);
  if (problem === undefined) return null;
  const ours = `chair.acts.problems.${problem}`;
  const { meaning, nextStep } = problemOf(problem, i18n.language);
  return (
    <p role="alert" className="problem">
      {i18n.exists(ours) ? t(ours) : `${meaning} ${nextStep}`}
    </p>
  );
}
