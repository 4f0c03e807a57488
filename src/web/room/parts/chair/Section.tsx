import { type ReactNode, useId } from 'react';
import type { ChairView } from '../../../../contract/chair.ts';
import type { Acting } from '../../acting.ts';
import { ActProblem } from '../ActProblem.tsx';
import type { PanelProps } from '../SidePanels.tsx';

export interface SectionProps extends PanelProps {
  readonly chair: ChairView;
}

interface FrameProps {
  readonly title: string;
  readonly acting: Acting;
  readonly children: ReactNode;
}

/** Tools of one kind under their heading; what was refused is said below them. */
export function Section({ title, acting, children }: FrameProps) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
      <ActProblem acting={acting} />
    </section>
  );
}
