import { useTranslation } from 'react-i18next';
import { useStore } from '../../../shared/store.ts';
import { giveFloor } from '../../floor-limit.ts';
import { queueOf } from '../../speaking-order.ts';
import { ActButton, useActing } from '../ActButton.tsx';
import { FloorLimit, useFloorLimit } from '../FloorLimit.tsx';
import { Section, type SectionProps } from './Section.tsx';

/** Who speaks: everybody as they like, or one after the other. */
export function SpeakingTurns({ store, visit }: SectionProps) {
  const { t } = useTranslation();
  const state = useStore(store);
  const acting = useActing(visit);
  const [limitMin, chooseLimit] = useFloorLimit();
  const { order, participants } = state;
  const holder = participants.find(({ id }) => id === order?.floor?.participantId);
  const [next] = queueOf(state).filter(({ id }) => id !== holder?.id);
  const isFree = order?.mode !== 'ordered';
  return (
    <Section title={t('chair.turns.title')} acting={acting}>
      <p role="status">
        {holder
          ? t('chair.turns.has', { name: holder.name })
          : t(isFree ? 'chair.turns.free' : 'chair.turns.nobody')}
      </p>
      <FloorLimit limitMin={limitMin} onChoose={chooseLimit} />
      <div className="row">
        {next ? (
          <ActButton acting={acting} act={giveFloor(next.id, limitMin)}>
            {t('chair.turns.giveNext', { name: next.name })}
          </ActButton>
        ) : (
          <span className="mark">{t('chair.turns.nobodyNext')}</span>
        )}
        {holder && (
          <ActButton acting={acting} act={{ do: 'take-floor' }}>
            {t('chair.turns.takeBack')}
          </ActButton>
        )}
        {!isFree && (
          <ActButton acting={acting} act={{ do: 'free-discussion' }}>
            {t('chair.turns.freeDiscussion')}
          </ActButton>
        )}
      </div>
    </Section>
  );
}
