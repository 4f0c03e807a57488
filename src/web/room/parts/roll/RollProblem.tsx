import { useStore } from '../../../shared/store.ts';
import type { RollActs } from '../../roll-acts.ts';
import { Problem } from '../Problem.tsx';

/** Why something was refused and what to do now. */
export function RollProblem({ acts }: { readonly acts: RollActs }) {
  return <Problem code={useStore(acts).problem} ours="rollCall.problems" />;
}
