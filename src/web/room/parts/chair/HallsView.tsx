import { useTranslation } from 'react-i18next';
import type { GridSize } from '../../../../contract/layout.ts';
import type { LayoutInput } from '../../../../contract/rest.ts';
import { useStore } from '../../../shared/store.ts';
import { LAYOUTS, withGridSize, withLayout, withoutHq } from '../../hall-layout.ts';
import { ActButton, useActing } from '../ActButton.tsx';
import { Section, type SectionProps } from './Section.tsx';

const GRID_SIZES: readonly (GridSize | undefined)[] = [undefined, 1, 4, 9, 16, 25];

/** How the halls' picture is put together, who is large in it and who leads. */
export function HallsView({ store, visit, chair: { layout: now } }: SectionProps) {
  const { t } = useTranslation();
  const { participants } = useStore(store);
  const acting = useActing(visit);
  const nameOf = (wanted: string | undefined) => participants.find(({ id }) => id === wanted)?.name;
  const choice = (key: string, layout: LayoutInput, isChosen: boolean, words: string) => (
    <ActButton
      key={key}
      className="small"
      acting={acting}
      act={{ do: 'layout', layout }}
      aria-pressed={isChosen}
    >
      {words}
    </ActButton>
  );
  const spotlit = nameOf(now.pinnedParticipantId);
  const hq = nameOf(now.hqParticipantId);
  return (
    <Section title={t('chair.halls.title')} acting={acting}>
      <fieldset className="row choices">
        <legend>{t('chair.halls.layout')}</legend>
        {LAYOUTS.map(layout =>
          choice(
            layout,
            withLayout(now, layout),
            layout === now.layout,
            t(`chair.halls.layouts.${layout}`),
          ),
        )}
      </fieldset>
      <p className="mark">{t(`chair.halls.hints.${now.layout}`)}</p>
      {now.layout === 'grid' && (
        <fieldset className="row choices">
          <legend>{t('chair.halls.gridSize')}</legend>
          {GRID_SIZES.map(size =>
            choice(
              String(size),
              withGridSize(now, size),
              size === now.gridSize,
              size === undefined
                ? t('chair.halls.anySize')
                : t('chair.halls.tiles', { count: size }),
            ),
          )}
        </fieldset>
      )}
      {spotlit && (
        <div className="row">
          <span>{t('chair.halls.spotlight', { name: spotlit })}</span>
          <ActButton className="small" acting={acting} act={{ do: 'spotlight' }}>
            {t('roster.spotlightOff')}
          </ActButton>
        </div>
      )}
      {hq && (
        <div className="row">
          <span>{t('chair.halls.hq', { name: hq })}</span>
          <ActButton
            className="small"
            acting={acting}
            act={{ do: 'layout', layout: withoutHq(now) }}
          >
            {t('roster.hqOff')}
          </ActButton>
        </div>
      )}
    </Section>
  );
}
