import { useState } from 'react';
import { Button, Checkbox } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { type Member, MemberRole } from '../../../../contract/conferences.ts';
import { matches } from '../../../shared/search.ts';
import { useAllSites } from '../../lib/all-sites.ts';
import { Choice, TextInput } from '../Fields.tsx';
import { Icon } from '../Icon.tsx';

export interface MemberFieldsProps {
  readonly members: readonly Member[];
  readonly isDisabled: boolean;
  readonly error: string | undefined;
  readonly onChange: (members: Member[]) => void;
}

const MAX_SHOWN = 200;

/** Which sites belong to a conference, as what, and who calls whom. */
export function MemberFields({ members, isDisabled, error, onChange }: MemberFieldsProps) {
  const { t } = useTranslation();
  const { data: sites = [] } = useAllSites();
  const [typed, setTyped] = useState('');
  const nameOf = new Map(sites.map(({ id, name }) => [id, name]));
  const change = (siteId: string, to: Partial<Member>) =>
    onChange(
      members.map(member => {
        if (member.siteId === siteId) return { ...member, ...to };
        const stepsBack = to.role === 'hq' && member.role === 'hq';
        return stepsBack ? { ...member, role: 'site' as const } : member;
      }),
    );
  const found = sites
    .filter(({ id }) => !members.some(({ siteId }) => siteId === id))
    .filter(({ name, number, district, commune }) =>
      matches(typed, [name, number, district, commune].join(' ')),
    )
    .slice(0, MAX_SHOWN);
  const add = (ids: readonly string[]) =>
    onChange([...members, ...ids.map(siteId => ({ siteId, role: 'site', dial: 'out' }) as const)]);
  return (
    <fieldset className="fields">
      <legend>{t('conferences.members', { count: members.length })}</legend>
      {error && <p className="field-error">{error}</p>}
      <ul className="members plain">
        {members.map(({ siteId, role, dial }) => (
          <li key={siteId}>
            <span>{nameOf.get(siteId) ?? siteId}</span>
            <Choice
              className="inline"
              label={t('conferences.role')}
              value={role}
              isDisabled={isDisabled}
              options={MemberRole.options.map(one => ({ value: one, label: t(`roles.${one}`) }))}
              onChange={to => change(siteId, { role: to })}
            />
            <Checkbox
              className="check"
              isSelected={dial === 'out'}
              isDisabled={isDisabled}
              onChange={isOut => change(siteId, { dial: isOut ? 'out' : 'in' })}
            >
              <span className="check-box" aria-hidden="true" />
              {t('conferences.dialOut')}
            </Checkbox>
            {!isDisabled && (
              <Button
                className="quiet square"
                aria-label={t('conferences.removeMember', { name: nameOf.get(siteId) ?? siteId })}
                onPress={() => onChange(members.filter(one => one.siteId !== siteId))}
              >
                <Icon name="close" />
              </Button>
            )}
          </li>
        ))}
      </ul>
      {!isDisabled && (
        <details className="add-members">
          <summary>{t('conferences.addMembers')}</summary>
          <TextInput label={t('sites.search')} value={typed} onChange={setTyped} />
          <Button isDisabled={found.length === 0} onPress={() => add(found.map(({ id }) => id))}>
            {t('conferences.addAll', { count: found.length })}
          </Button>
          <ul className="plain pick">
            {found.map(({ id, name, district }) => (
              <li key={id}>
                <Button className="quiet" onPress={() => add([id])}>
                  <Icon name="plus" />
                  {name}
                  {district && <span className="hint"> {district}</span>}
                </Button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </fieldset>
  );
}
