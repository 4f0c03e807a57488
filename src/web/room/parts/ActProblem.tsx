import { useStore } from '../../shared/store.ts';
import type { Acting } from '../acting.ts';
import { Problem } from './Problem.tsx';

/** Why something was refused and what to do now, where it was asked for. */
export function ActProblem({ acting }: { readonly acting: Acting }) {
  return <Problem code={useStore(acting).problem} ours="chair.acts.problems" />;
}
