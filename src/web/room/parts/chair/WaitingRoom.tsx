import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ActButton, useActing } from '../ActButton.tsx';
import { Section, type SectionProps } from './Section.tsx';

/** Who stands before the door. A row that was answered goes, and leaves the focus to the list. */
export function WaitingRoom({ visit, chair: { waiting } }: SectionProps) {
  const { t } = useTranslation();
  const acting = useActing(visit);
  const section = useRef<HTMLElement>(null);
  const answer = {
    className: 'small',
    acting,
    onDone: () => section.current?.focus({ preventScroll: true }),
  };
  const title = t('chair.waiting', { count: waiting.length });
  return (
    <Section title={title} acting={acting} ref={section}>
      {waiting.length === 0 && <p className="mark">{t('chair.nobodyWaits')}</p>}
      <ul className="waiting">
        {waiting.map(({ id, name }) => (
          <li key={id}>
            <span>{name}</span>
            <span className="row">
              <ActButton
                {...answer}
                act={{ do: 'admit', waitingIds: [id] }}
                aria-label={t('chair.admitOne', { name })}
              >
                {t('chair.admit')}
              </ActButton>
              <ActButton
                {...answer}
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
        <ActButton {...answer} act={{ do: 'admit', waitingIds: waiting.map(({ id }) => id) }}>
          {t('chair.admitAll', { count: waiting.length })}
        </ActButton>
      )}
    </Section>
  );
}
