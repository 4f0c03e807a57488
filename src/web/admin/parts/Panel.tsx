import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Icon } from './Icon.tsx';

export interface PanelProps {
  readonly title: ReactNode;
  readonly children: ReactNode;
  readonly onClose: () => void;
  /** Stays in view below. */
  readonly footer?: ReactNode;
  readonly size?: 'usual' | 'wide';
}

/** A panel at the side, over the page it belongs to; Escape and a click outside close it. */
export function Panel({ title, children, onClose, footer, size = 'usual' }: PanelProps) {
  const { t } = useTranslation();
  return (
    <ModalOverlay
      className="overlay side"
      isOpen
      isDismissable
      onOpenChange={isOpen => !isOpen && onClose()}
    >
      <Modal className={`panel ${size}`}>
        <Dialog className="dialog">
          <header className="panel-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <Button className="quiet square" aria-label={t('common.close')} onPress={onClose}>
              <Icon name="close" />
            </Button>
          </header>
          <div className="panel-body">{children}</div>
          {footer && <footer className="panel-foot">{footer}</footer>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
