import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import type { RoomStore } from '../state.ts';
import type { Visit } from '../visit.ts';

interface UplinkQuestionProps {
  readonly store: RoomStore;
  readonly visit: Visit | undefined;
}

/** Over a line that carries hardly more than sound: whether the camera may go off, and later on again. */
export function UplinkQuestion({ store, visit }: UplinkQuestionProps) {
  const { t } = useTranslation();
  const { uplink } = useStore(store);
  if (uplink === 'off') {
    return (
      <p role="status" className="banner">
        {t('uplink.off')}
      </p>
    );
  }
  if (uplink !== 'asking' && uplink !== 'offering') return null;
  return (
    <div className="banner">
      <p role="status">{t(`uplink.${uplink}`)}</p>
      <button type="button" onClick={() => visit?.network.answer(true)}>
        {t(`uplink.agree.${uplink}`)}
      </button>
      <button type="button" onClick={() => visit?.network.answer(false)}>
        {t(`uplink.decline.${uplink}`)}
      </button>
    </div>
  );
}
