import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChairRequest } from '../../../contract/chair.ts';
import type { Acting } from '../acting.ts';
import { ActButton } from './ActButton.tsx';
import { ActProblem } from './ActProblem.tsx';

interface AskFirstProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly acting: Acting;
  readonly act: ChairRequest;
  /** What the button that does it says. */
  readonly action: string;
  readonly onClose: () => void;
}

/** Asks before something that cannot be taken back; the focus stays inside until it is answered. */
export function AskFirst({ title, children, acting, act, action, onClose }: AskFirstProps) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed before it is taken away: only then the focus goes back to where it was.
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="card"
      role="alertdialog"
      aria-labelledby="ask-first-title"
      onClose={onClose}
      onKeyDown={event => event.stopPropagation()} // Escape closes this alone
    >
      <h2 id="ask-first-title">{title}</h2>
      <div>{children}</div>
      <ActProblem acting={acting} />
      <div className="row">
        <button type="button" onClick={onClose}>
          {t('chair.acts.cancel')}
        </button>
        <ActButton className="danger" acting={acting} act={act} onDone={onClose}>
          {action}
        </ActButton>
      </div>
    </dialog>
  );
}
