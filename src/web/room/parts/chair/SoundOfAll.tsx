import { useTranslation } from 'react-i18next';
import { useStore } from '../../../shared/store.ts';
import { ActButton, useActing } from '../ActButton.tsx';
import { Section, type SectionProps } from './Section.tsx';

/** All microphones but those of chairs. */
export function SoundOfAll({ store, visit }: SectionProps) {
  const { t } = useTranslation();
  const isOrdered = useStore(store).order?.mode === 'ordered';
  const acting = useActing(visit);
  return (
    <Section title={t('chair.sound')} acting={acting}>
      <div className="row">
        <ActButton acting={acting} act={{ do: 'mute-all', muted: true }}>
          {t('chair.muteAll')}
        </ActButton>
        {isOrdered ? (
          <span className="mark">{t('chair.ordered')}</span>
        ) : (
          <ActButton acting={acting} act={{ do: 'mute-all', muted: false }}>
            {t('chair.unmuteAll')}
          </ActButton>
        )}
      </div>
    </Section>
  );
}
