import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { Button, Input, Label, SearchField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useApp, usePlace, useSettled } from '../lib/hooks.ts';
import { Icon } from './Icon.tsx';

export const PAGE_SIZE = 50;

export interface ListPlace {
  readonly q: string;
  readonly sort: string;
  readonly offset: number;
  /** A filter's value; empty when there is none. */
  readonly filter: (name: string) => string;
  readonly set: (change: Readonly<Record<string, string | undefined>>) => void;
}

/** What a list shows, kept in the address: it can be sent on and survives a reload. */
export function useListPlace(usualSort: string): ListPlace {
  const { router } = useApp();
  const { query } = usePlace();
  return {
    q: query.get('q') ?? '',
    sort: query.get('sort') ?? usualSort,
    offset: Number(query.get('offset') ?? 0) || 0,
    filter: name => query.get(name) ?? '',
    set: change => router.setQuery('offset' in change ? change : { ...change, offset: undefined }),
  };
}

export interface SearchBoxProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Searches a moment after the last key. */
export function SearchBox({ label, value, onChange }: SearchBoxProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  const settled = useSettled(typed);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed leads to a search
  useEffect(() => {
    if (settled !== value) onChange(settled);
  }, [settled]);
  return (
    <SearchField className="search" value={typed} onChange={setTyped}>
      <Label className="visually-hidden">{label}</Label>
      <Icon name="search" />
      <Input placeholder={label} />
      <Button className="quiet square" aria-label={t('common.clearSearch')}>
        <Icon name="close" />
      </Button>
    </SearchField>
  );
}

export interface PagerProps {
  readonly place: ListPlace;
  readonly total: number;
}

export function Pager({ place, total }: PagerProps) {
  const { t } = useTranslation();
  if (total === 0) return null;
  const { offset } = place;
  const move = (to: number) => place.set({ offset: to ? String(to) : undefined });
  const last = Math.min(total, offset + PAGE_SIZE);
  return (
    <nav className="pager" aria-label={t('common.pages')}>
      <span>{t('common.range', { from: offset + 1, to: last, total })}</span>
      {total > PAGE_SIZE && (
        <span className="row">
          <Button
            className="square"
            aria-label={t('common.previousPage')}
            isDisabled={offset === 0}
            onPress={() => move(Math.max(0, offset - PAGE_SIZE))}
          >
            <Icon name="left" />
          </Button>
          <Button
            className="square"
            aria-label={t('common.nextPage')}
            isDisabled={last >= total}
            onPress={() => move(offset + PAGE_SIZE)}
          >
            <Icon name="right" />
          </Button>
        </span>
      )}
    </nav>
  );
}

/** The head of a page: its name, and what can be done. */
export function PageHead({
  title,
  children,
}: {
  readonly title: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <header className="page-head">
      <h1>{title}</h1>
      <div className="row">{children}</div>
    </header>
  );
}
