import { useTranslation } from 'react-i18next';
import { ActButton, useActing } from '../ActButton.tsx';
import { Section, type SectionProps } from './Section.tsx';

/** Whether newcomers come in by themselves. */
export function Door({ visit, chair: { locked } }: SectionProps) {
  const { t } = useTranslation();
  const acting = useActing(visit);
  return (
    <Section title={t('chair.door')} acting={acting}>
      <p role="status">{t(locked ? 'chair.locked' : 'chair.open')}</p>
      <ActButton acting={acting} act={{ do: 'lock', locked: !locked }}>
        {t(locked ? 'chair.unlock' : 'chair.lock')}
      </ActButton>
    </Section>
  );
}
