import { useEffect, useState } from 'react';
import {
  Button,
  Input,
  Label,
  SearchField,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../contract/operations.ts';
import { matches } from '../../shared/search.ts';
import { useStore } from '../../shared/store.ts';
import { useAllConferences, useAllSites } from '../lib/all-sites.ts';
import { useAct, useApp, useCan } from '../lib/hooks.ts';
import type { Cell } from '../lib/mapping.ts';
import { Choice } from '../parts/Fields.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Link } from '../parts/Link.tsx';
import { PageHead } from '../parts/ListTools.tsx';
import { CELL_LOOKS } from '../parts/mapping/cell-looks.ts';
import { Matrix } from '../parts/mapping/Matrix.tsx';
import { Empty, Loading, ProblemBox } from '../parts/States.tsx';

const BRUSHES: readonly Exclude<Cell, 'none'>[] = ['site', 'hq', 'observer'];

/** Sites against conferences: painted, then saved as one change. */
export function MappingPage() {
  const { mapping, client } = useApp();
  const { t } = useTranslation();
  const mayWrite = useCan('conferences.write');
  const sites = useAllSites();
  const conferences = useAllConferences();
  const { changes, past } = useStore(mapping.store);
  const [brush, setBrush] = useState<Cell>('site');
  const [typed, setTyped] = useState('');
  const [district, setDistrict] = useState('');
  const [isBusy, act] = useAct();
  useEffect(() => {
    if (conferences.data) mapping.follow(conferences.data);
  }, [mapping, conferences.data]);

  const problem = sites.problem ?? conferences.problem;
  if (problem && (!sites.data || !conferences.data))
    return <ProblemBox problem={problem} onRetry={sites.reload} />;
  if (!sites.data || !conferences.data) return <Loading />;
  if (sites.data.length === 0 || conferences.data.length === 0) return <Nothing />;

  const districts = [...new Set(sites.data.flatMap(site => site.district ?? []))].sort();
  const shown = sites.data
    .filter(site => district === '' || site.district === district)
    .filter(site =>
      matches(typed, [site.name, site.number, site.commune, site.district].join(' ')),
    );
  const save = () =>
    act(
      async () => {
        const body = mapping.toInput();
        const { conferences: after } = await client.call(operations.changeMapping, { body });
        mapping.reset();
        const byId = new Map(after.map(one => [one.id, one]));
        mapping.follow((conferences.data ?? []).map(one => byId.get(one.id) ?? one));
        conferences.reload();
      },
      t('mapping.saved', { count: changes.size }),
    );
  return (
    <>
      <PageHead title={t('nav.mapping')} />
      <p className="hint">{t(mayWrite ? 'mapping.how' : 'mapping.readOnly')}</p>
      <div className="tools">
        {mayWrite && (
          <ToggleButtonGroup
            className="segments"
            aria-label={t('mapping.brush')}
            disallowEmptySelection
            selectedKeys={[brush]}
            onSelectionChange={keys => setBrush([...keys][0] as Cell)}
          >
            {BRUSHES.map(one => (
              <ToggleButton key={one} id={one}>
                <span className={`mark ${one}`} aria-hidden="true">
                  {CELL_LOOKS[one]}
                </span>
                {t(`roles.${one}`)}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        )}
        <SearchField className="search" value={typed} onChange={setTyped}>
          <Label className="visually-hidden">{t('sites.search')}</Label>
          <Icon name="search" />
          <Input placeholder={t('sites.search')} />
          <Button className="quiet square" aria-label={t('common.clearSearch')}>
            <Icon name="close" />
          </Button>
        </SearchField>
        {districts.length > 1 && (
          <Choice
            className="filter"
            label={t('sites.fields.district')}
            value={district}
            options={[
              { value: '', label: t('common.all') },
              ...districts.map(one => ({ value: one, label: one })),
            ]}
            onChange={setDistrict}
          />
        )}
      </div>
      <Matrix
        mapping={mapping}
        sites={shown}
        conferences={conferences.data}
        brush={brush}
        mayWrite={mayWrite}
      />
      {mayWrite && (
        <div className="save-strip">
          <span role="status">{t('mapping.changes', { count: changes.size })}</span>
          <Button isDisabled={past.length === 0} onPress={() => mapping.undo()}>
            <Icon name="undo" />
            {t('mapping.undo')}
          </Button>
          <Button isDisabled={changes.size === 0} onPress={() => mapping.reset()}>
            {t('drafts.discard')}
          </Button>
          <Button
            className="primary"
            isDisabled={changes.size === 0 || isBusy}
            onPress={() => void save()}
          >
            {isBusy ? t('common.saving') : t('mapping.save')}
          </Button>
        </div>
      )}
    </>
  );
}

function Nothing() {
  const { t } = useTranslation();
  return (
    <Empty icon="grid" title={t('mapping.none')} hint={t('mapping.noneHint')}>
      <Link to="/sites" className="button">
        {t('nav.sites')}
      </Link>
      <Link to="/conferences" className="button">
        {t('nav.conferences')}
      </Link>
    </Empty>
  );
}
