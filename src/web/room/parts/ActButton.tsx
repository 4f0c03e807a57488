import { type ComponentProps, type ReactNode, useMemo } from 'react';
import type { ChairRequest } from '../../../contract/chair.ts';
import { useStore } from '../../shared/store.ts';
import { Acting, actKey } from '../acting.ts';
import { ActError } from '../events.ts';
import type { Visit } from '../visit.ts';

/** What is done from one place of the page. */
export function useActing(visit: Visit | undefined): Acting {
  return useMemo(
    () => new Acting(act => visit?.act(act) ?? Promise.reject(new ActError('network'))),
    [visit],
  );
}

interface ActButtonProps extends Omit<ComponentProps<'button'>, 'onClick' | 'type'> {
  readonly acting: Acting;
  readonly act: ChairRequest;
  readonly onDone?: (() => void) | undefined;
  readonly children: ReactNode;
}

/** Does one thing as a chair. The second click of a double click is none. */
export function ActButton({ acting, act, onDone, children, ...more }: ActButtonProps) {
  const isSlow = useStore(acting).slow.has(actKey(act));
  const click = async () => {
    if (await acting.do(act)) onDone?.();
  };
  return (
    <button
      {...more}
      type="button"
      aria-busy={isSlow || undefined}
      onClick={({ detail }) => detail < 2 && void click()}
    >
      {children}
    </button>
  );
}
