import { type ReactNode, type Ref, useId } from 'react';
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
  /** Can be given the focus when what had it is gone. */
  readonly ref?: Ref<HTMLElement>;
  readonly children: ReactNode;
}

/** Tools of one kind under their heading; what was refused is said below them. */
export function Section({ title, acting, ref, children }: FrameProps) {
  const id = useId();
  return (
    <section ref={ref} tabIndex={ref ? -1 : undefined} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
      <ActProblem acting={acting} />
    </section>
  );
}
