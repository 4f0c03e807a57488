import { memo, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConferenceView } from '../../../../contract/conferences.ts';
import type { SiteView } from '../../../../contract/sites.ts';
import { useStore } from '../../../shared/store.ts';
import type { Cell, CellPlace, Mapping } from '../../lib/mapping.ts';
import { CELL_LOOKS } from './cell-looks.ts';
import { MatrixGestures } from './gestures.ts';

export interface MatrixProps {
  readonly mapping: Mapping;
  readonly sites: readonly SiteView[];
  readonly conferences: readonly ConferenceView[];
  /** What a click makes of a cell. */
  readonly brush: Cell;
  readonly mayWrite: boolean;
}

/** The grid itself: click, drag, or arrow keys and space; heads paint whole rows and columns. */
export function Matrix({ mapping, sites, conferences, brush, mayWrite }: MatrixProps) {
  const { t } = useTranslation();
  useStore(mapping.store);
  const table = useRef<HTMLTableElement>(null);
  const gestures = useRef<MatrixGestures>(undefined);
  gestures.current ??= new MatrixGestures(mapping);
  gestures.current.brush = brush;
  useEffect(() => {
    if (table.current && mayWrite) return gestures.current?.attach(table.current);
  }, [mayWrite]);

  const all = (places: readonly CellPlace[]) => {
    const isFull = places.every(place => mapping.cellAt(place) !== 'none');
    mapping.paint(places, isFull ? 'none' : brush === 'hq' ? 'site' : brush);
  };
  const words = {
    none: t('roles.none'),
    site: t('roles.site'),
    hq: t('roles.hq'),
    observer: t('roles.observer'),
  };
  return (
    <div className="matrix-wrap">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table one moves in */}
      <table className="matrix" role="grid" ref={table} aria-label={t('nav.mapping')}>
        <thead>
          <tr>
            <th scope="col">{t('sites.one')}</th>
            {conferences.map(({ id, name, number }) => (
              <th scope="col" key={id}>
                <button
                  type="button"
                  className="head"
                  disabled={!mayWrite}
                  title={t('mapping.column', { name })}
                  onClick={() => all(sites.map(site => ({ conferenceId: id, siteId: site.id })))}
                >
                  <span>{name}</span>
                  <small>
                    {number} · {sites.filter(site => isIn(mapping, id, site.id)).length}
                  </small>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sites.map((site, row) => (
            <tr key={site.id}>
              <th scope="row">
                <button
                  type="button"
                  className="head"
                  disabled={!mayWrite}
                  title={t('mapping.row', { name: site.name })}
                  onClick={() =>
                    all(conferences.map(({ id }) => ({ conferenceId: id, siteId: site.id })))
                  }
                >
                  {site.name}
                </button>
              </th>
              {conferences.map(({ id }, column) => {
                const place = { conferenceId: id, siteId: site.id };
                const cell = mapping.cellAt(place);
                return (
                  <MatrixCell
                    key={id}
                    {...place}
                    {...{ row, column, cell }}
                    word={words[cell]}
                    isChanged={mapping.isChanged(place)}
                  />
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface MatrixCellProps extends CellPlace {
  readonly row: number;
  readonly column: number;
  readonly cell: Cell;
  readonly word: string;
  readonly isChanged: boolean;
}

const MatrixCell = memo(function MatrixCell(props: MatrixCellProps) {
  const { conferenceId, siteId, row, column, cell, word, isChanged } = props;
  return (
    <td
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: of a table one moves in
      role="gridcell"
      tabIndex={row === 0 && column === 0 ? 0 : -1}
      className={isChanged ? `cell ${cell} changed` : `cell ${cell}`}
      data-conference={conferenceId}
      data-site={siteId}
      data-row={row}
      data-column={column}
    >
      <span aria-hidden="true">{CELL_LOOKS[cell]}</span>
      <span className="visually-hidden">{word}</span>
    </td>
  );
});

function isIn(mapping: Mapping, conferenceId: string, siteId: string): boolean {
  return mapping.cellAt({ conferenceId, siteId }) !== 'none';
}
