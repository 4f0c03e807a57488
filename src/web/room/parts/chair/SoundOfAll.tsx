import { useTranslation } from 'react-i18next';
import { ActButton, useActing } from '../ActButton.tsx';
import { Section, type SectionProps } from './Section.tsx';

/** All microphones but those of chairs. */
export function SoundOfAll({ visit }: SectionProps) {
  const { t } = useTranslation();
  const acting = useActing(visit);
  return (
    <Section title={t('chair.sound')} acting={acting}>
      <div className="row">
        <ActButton acting={acting} act={{ do: 'mute-all', muted: true }}>
          {t('chair.muteAll')}
        </ActButton>
        <ActButton acting={acting} act={{ do: 'mute-all', muted: false }}>
          {t('chair.unmuteAll')}
        </ActButton>
      </div>
    </Section>
  );
}
