import { useTranslation } from 'react-i18next';

/** On the tile of who asks to speak. @param place from 1 */
export function HandMark({ place }: { readonly place: number | undefined }) {
  const { t } = useTranslation();
  if (place === undefined) return null;
  return <span className="hand">{t('hands.mark', { place })}</span>;
}
