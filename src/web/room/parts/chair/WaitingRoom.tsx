import { useTranslation } from 'react-i18next';
import { ActButton, useActing } from '../ActButton.tsx';
import { Section, type SectionProps } from './Section.tsx';

/** Who stands before the door; not there while nobody does. */
export function WaitingRoom({ visit, chair: { waiting } }: SectionProps) {
  const { t } = useTranslation();
  const acting = useActing(visit);
  if (waiting.length === 0) return null;
  return (
    <Section title={t('chair.waiting', { count: waiting.length })} acting={acting}>
      <ul className="waiting">
        {waiting.map(({ id, name }) => (
          <li key={id}>
            <span>{name}</span>
            <span className="row">
              <ActButton
                className="small"
                acting={acting}
                act={{ do: 'admit', waitingIds: [id] }}
                aria-label={t('chair.admitOne', { name })}
              >
                {t('chair.admit')}
              </ActButton>
              <ActButton
                className="small"
                acting={acting}
                act={{ do: 'turn-away', waitingId: id }}
                aria-label={t('chair.turnAwayOne', { name })}
              >
                {t('chair.turnAway')}
              </ActButton>
            </span>
          </li>
        ))}
      </ul>
      {waiting.length > 1 && (
        <ActButton acting={acting} act={{ do: 'admit', waitingIds: waiting.map(({ id }) => id) }}>
          {t('chair.admitAll', { count: waiting.length })}
        </ActButton>
      )}
    </Section>
  );
}
