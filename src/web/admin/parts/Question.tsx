import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';

export interface QuestionProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** What the button that does it says. */
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly isBusy?: boolean;
  readonly onYes: () => void;
  readonly onClose: () => void;
}

/** Asks before something that cannot be taken back, or for a few words more. */
export function Question(props: QuestionProps) {
  const { title, children, action, isDangerous = false, isBusy = false, onYes, onClose } = props;
  const { t } = useTranslation();
  return (
    <ModalOverlay
      className="overlay middle"
      isOpen
      isDismissable
      onOpenChange={isOpen => !isOpen && onClose()}
    >
      <Modal className="question">
        <Dialog className="dialog" role={isDangerous ? 'alertdialog' : 'dialog'}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          <div className="question-body">{children}</div>
          <div className="row end">
            <Button onPress={onClose}>{t('common.cancel')}</Button>
            <Button
              className={isDangerous ? 'danger' : 'primary'}
              isDisabled={isBusy}
              onPress={onYes}
            >
              {action}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
