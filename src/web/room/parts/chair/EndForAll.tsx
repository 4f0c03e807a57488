import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../../shared/store.ts';
import { useActing } from '../ActButton.tsx';
import { AskFirst } from '../AskFirst.tsx';
import type { SectionProps } from './Section.tsx';

/** Ends the meeting for everybody. */
export function EndForAll({ store, visit }: SectionProps) {
  const { t } = useTranslation();
  const { participants } = useStore(store);
  const acting = useActing(visit);
  const [asks, setAsks] = useState(false);
  return (
    <section>
      <button type="button" className="danger" onClick={() => setAsks(true)}>
        {t('chair.end')}
      </button>
      {asks && (
        <AskFirst
          title={t('chair.endAsk')}
          acting={acting}
          act={{ do: 'end' }}
          action={t('chair.end')}
          onClose={() => setAsks(false)}
        >
          {t('chair.endHint', { count: participants.length })}
        </AskFirst>
      )}
    </section>
  );
}
