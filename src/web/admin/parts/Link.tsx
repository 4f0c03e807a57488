import type { MouseEvent, ReactNode } from 'react';
import { useApp } from '../lib/hooks.ts';
import { hrefOf } from '../lib/router.ts';

export interface LinkProps {
  readonly to: string;
  readonly className?: string;
  readonly isCurrent?: boolean;
  readonly children: ReactNode;
  readonly onFollow?: () => void;
}

/** A link between pages; opens a new tab like any other when asked to. */
export function Link({ to, className, isCurrent, children, onFollow }: LinkProps) {
  const { router } = useApp();
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onFollow?.();
    router.go(to);
  };
  return (
    <a
      href={hrefOf(to)}
      className={className}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={follow}
    >
      {children}
    </a>
  );
}
