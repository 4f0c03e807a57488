import { useTranslation } from 'react-i18next';
import { TextInput } from './Fields.tsx';
import type { ListPlace } from './ListTools.tsx';

/** From which day to which: the filters `from` and `to` of a list. */
export function DayRange({ place }: { readonly place: ListPlace }) {
  const { t } = useTranslation();
  return (
    <>
      {(['from', 'to'] as const).map(end => (
        <TextInput
          key={end}
          label={t(`audit.${end}`)}
          type="date"
          value={place.filter(end)}
          onChange={date => place.set({ [end]: date })}
        />
      ))}
    </>
  );
}
