import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './Icon.tsx';

export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
  /** Name of the field it sorts by, where it does. */
  readonly sort?: string;
  readonly isNumber?: boolean;
  /** Left out where there is little room. */
  readonly isExtra?: boolean;
  /** Holds a sentence. */
  readonly isRoomy?: boolean;
}

export interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Like `name` or `-name`. */
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
  readonly isLoading?: boolean;
  /** The row that is open beside the table. */
  readonly current?: string | undefined;
}

/** A table of the usual kind; on a phone each row is a card. */
export function Table<Row>(props: TableProps<Row>) {
  const { label, columns, rows, keyOf, sort, onSort, isLoading, current } = props;
  return (
    <div className="table-wrap" aria-busy={isLoading ?? false}>
      <table className="table" aria-label={label}>
        <thead>
          <tr>
            {columns.map(column => (
              <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={keyOf(row)} className={keyOf(row) === current ? 'current' : undefined}>
              {columns.map(column => (
                <td key={column.key} className={classOf(column)} data-label={column.label}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadCellProps<Row> {
  readonly column: Column<Row>;
  readonly sort: string | undefined;
  readonly onSort: ((sort: string) => void) | undefined;
}

function HeadCell<Row>({ column, sort, onSort }: HeadCellProps<Row>) {
  const { t } = useTranslation();
  const { label, sort: field } = column;
  if (!field || !onSort)
    return (
      <th scope="col" className={classOf(column)}>
        {label}
      </th>
    );
  const [isUp, isDown] = [sort === field, sort === `-${field}`];
  const order = isUp ? 'ascending' : isDown ? 'descending' : 'none';
  return (
    <th scope="col" className={classOf(column)} aria-sort={order}>
      <button
        type="button"
        className="sort"
        title={t('common.sortBy', { column: label })}
        onClick={() => onSort(isUp ? `-${field}` : field)}
      >
        {label}
        <span className={`sort-mark ${order}`} aria-hidden="true">
          <Icon name="down" />
        </span>
      </button>
    </th>
  );
}

function classOf<Row>({ isNumber, isExtra, isRoomy }: Column<Row>): string | undefined {
  const classes = [isNumber && 'number', isExtra && 'extra', isRoomy && 'roomy'];
  return classes.filter(Boolean).join(' ') || undefined;
}
