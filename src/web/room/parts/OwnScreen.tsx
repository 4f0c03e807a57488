import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import type { RoomStore } from '../state.ts';
import { Picture } from './Picture.tsx';

/** What the others see of us, small, as long as we share. */
export function OwnScreen({ store }: { readonly store: RoomStore }) {
  const { t } = useTranslation();
  const { sharing } = useStore(store);
  if (sharing.name !== 'on') return null;
  const label = t('sharing.preview');
  return (
    <figure className="tile own-screen" aria-label={label}>
      <Picture track={sharing.screen.picture} label={label} />
      <figcaption>{label}</figcaption>
    </figure>
  );
}
