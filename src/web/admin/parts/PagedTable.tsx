import type { ReactNode } from 'react';
import type { Page } from '../../../contract/paging.ts';
import { type ListPlace, Pager } from './ListTools.tsx';
import { Answered, type AnsweredProps } from './States.tsx';
import { type Column, Table } from './Table.tsx';

interface PagedTableProps<Row> {
  readonly answer: AnsweredProps<Page<Row>>['answer'] & { readonly isLoading: boolean };
  readonly place: ListPlace;
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** The row that is open beside the table. */
  readonly current?: string | undefined;
  /** Said where there is none. */
  readonly empty: ReactNode;
}

/** One page of a list, once it is there: its table, and the way to the other pages. */
export function PagedTable<Row>({ answer, place, empty, ...table }: PagedTableProps<Row>) {
  return (
    <Answered answer={answer}>
      {({ items, total }) =>
        total === 0 ? (
          empty
        ) : (
          <>
            <Table
              {...table}
              rows={items}
              sort={place.sort}
              onSort={sort => place.set({ sort })}
              isLoading={answer.isLoading}
            />
            <Pager place={place} total={total} />
          </>
        )
      }
    </Answered>
  );
}
