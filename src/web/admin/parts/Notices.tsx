import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { useApp } from '../lib/hooks.ts';
import { Icon } from './Icon.tsx';

export function NoticeList() {
  const { notices } = useApp();
  const { t } = useTranslation();
  return (
    <div className="notices" role="status" aria-live="polite">
      {useStore(notices.store).notices.map(({ id, kind, text }) => (
        <div key={id} className={`notice ${kind}`}>
          <Icon name={kind === 'done' ? 'check' : 'alert'} />
          <span>{text}</span>
          <Button
            className="quiet square"
            aria-label={t('common.dismiss')}
            onPress={() => notices.dismiss(id)}
          >
            <Icon name="close" />
          </Button>
        </div>
      ))}
    </div>
  );
}
