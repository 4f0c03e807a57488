import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../../shared/store.ts';
import { giveFloor } from '../../floor-limit.ts';
import { withHq, withoutHq } from '../../hall-layout.ts';
import type { RosterRow } from '../../roster.ts';
import type { RoomStore } from '../../state.ts';
import type { Visit } from '../../visit.ts';
import { ActButton, useActing } from '../ActButton.tsx';
import { ActProblem } from '../ActProblem.tsx';
import { AskFirst } from '../AskFirst.tsx';
import { FloorLimit, useFloorLimit } from '../FloorLimit.tsx';

interface PersonActionsProps {
  readonly id: string;
  readonly row: RosterRow;
  readonly store: RoomStore;
  readonly visit: Visit | undefined;
  readonly onClose: () => void;
}

/** What a chair can do with one participant. */
export function PersonActions({ id, row, store, visit, onClose }: PersonActionsProps) {
  const { t } = useTranslation();
  const { chair, order } = useStore(store);
  const acting = useActing(visit);
  const [limitMin, chooseLimit] = useFloorLimit();
  const [asksToRemove, setAsksToRemove] = useState(false);
  const { id: participantId, name, marks } = row;
  const has = (mark: RosterRow['marks'][number]) => marks.includes(mark);
  const isOther = !has('self');
  /** Unmuted, it would not be heard any more than before. */
  const isSilenced = order?.mode === 'ordered' && has('muted') && !has('chair') && !has('floor');
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div
      id={id}
      role="group"
      className="person-actions"
      aria-label={t('roster.actionsFor', { name })}
      onKeyDown={event => {
        if (event.key !== 'Escape') return;
        event.stopPropagation(); // the panel stays open
        onClose();
      }}
    >
      {isSilenced && <p className="mark">{t('roster.silenced')}</p>}
      {isOther && !isSilenced && (
        <ActButton acting={acting} act={{ do: 'mute', participantId, muted: !has('muted') }}>
          {t(has('muted') ? 'roster.unmute' : 'roster.mute')}
        </ActButton>
      )}
      {isOther && has('muted') && !isSilenced && (
        <ActButton acting={acting} act={{ do: 'ask-to-unmute', participantId }}>
          {t('roster.askToUnmute')}
        </ActButton>
      )}
      {has('sharing') && (
        <ActButton acting={acting} act={{ do: 'stop-sharing', participantId }}>
          {t('sharing.stopOf')}
        </ActButton>
      )}
      {has('hand') && (
        <ActButton acting={acting} act={{ do: 'lower-hand', participantId }}>
          {t('roster.lowerHand')}
        </ActButton>
      )}
      <FloorLimit limitMin={limitMin} onChoose={chooseLimit} />
      <ActButton acting={acting} act={giveFloor(participantId, limitMin)}>
        {t('chair.turns.give')}
      </ActButton>
      {has('floor') && (
        <ActButton acting={acting} act={{ do: 'take-floor' }}>
          {t('chair.turns.takeBack')}
        </ActButton>
      )}
      {has('spotlight') ? (
        <ActButton acting={acting} act={{ do: 'spotlight' }}>
          {t('roster.spotlightOff')}
        </ActButton>
      ) : (
        <ActButton acting={acting} act={{ do: 'spotlight', participantId }}>
          {t('roster.spotlight')}
        </ActButton>
      )}
      {chair && (
        <ActButton
          acting={acting}
          act={{
            do: 'layout',
            layout: has('hq') ? withoutHq(chair.layout) : withHq(chair.layout, participantId),
          }}
        >
          {t(has('hq') ? 'roster.hqOff' : 'roster.hq')}
        </ActButton>
      )}
      {isOther && (
        <button type="button" className="danger" onClick={() => setAsksToRemove(true)}>
          {t('roster.remove')}
        </button>
      )}
      {!asksToRemove && <ActProblem acting={acting} />}
      {asksToRemove && (
        <AskFirst
          title={t('roster.removeAsk', { name })}
          acting={acting}
          act={{ do: 'remove', participantId }}
          action={t('roster.remove')}
          onClose={() => setAsksToRemove(false)}
        >
          {t('roster.removeHint')}
        </AskFirst>
      )}
    </div>
  );
}
