import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { useApp } from '../lib/hooks.ts';
import { SignInForm } from './SignInForm.tsx';

/** Over the page when the session ended: what was typed below stays. */
export function SignInAgain() {
  const { session } = useApp();
  const { t } = useTranslation();
  const { view } = useStore(session.store);
  return (
    <ModalOverlay className="overlay middle" isOpen isKeyboardDismissDisabled>
      <Modal className="question">
        <Dialog className="dialog">
          <Heading slot="title" level={2}>
            {t('session.expired')}
          </Heading>
          <p>{t('session.expiredHint')}</p>
          <SignInForm login={view?.user?.login ?? ''} />
          <Button className="quiet" onPress={() => session.abandon()}>
            {t('session.leave')}
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
