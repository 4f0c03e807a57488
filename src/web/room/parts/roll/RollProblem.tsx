import { useTranslation } from 'react-i18next';
import { useStore } from '../../../shared/store.ts';
import { problemOf } from '../../act-problem.ts';
import type { RollActs } from '../../roll-acts.ts';

/** Why something was refused and what to do now. */
export function RollProblem({ acts }: { readonly acts: RollActs }) {
  const { t, i18n } = useTranslation();
  const { problem } = useStore(acts);
  if (problem === undefined) return null;
  const ours = `rollCall.problems.${problem}`;
  const { meaning, nextStep } = problemOf(problem, i18n.language);
  return (
    <p role="alert" className="problem">
      {i18n.exists(ours) ? t(ours) : `${meaning} ${nextStep}`}
    </p>
  );
}
