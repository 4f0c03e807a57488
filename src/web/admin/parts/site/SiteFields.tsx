import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { SceneLayout } from '../../../../contract/layout.ts';
import { operations } from '../../../../contract/operations.ts';
import { SrtpPolicyName } from '../../../../contract/sites.ts';
import { useAnswer } from '../../lib/hooks.ts';
import type { FieldProblem } from '../../lib/problem.ts';
import { type EndpointForm, emptyEndpoint, type SiteForm } from '../../lib/site-form.ts';
import { Choice, TextInput } from '../Fields.tsx';
import { useFieldErrors } from '../field-errors.ts';
import { Icon } from '../Icon.tsx';
import { EndpointFields } from './EndpointFields.tsx';

export interface SiteFieldsProps {
  readonly form: SiteForm;
  readonly fields: readonly FieldProblem[];
  readonly isDisabled: boolean;
  readonly onChange: (change: Partial<SiteForm>) => void;
  /** Endpoints that have a password already. */
  readonly withPassword: ReadonlySet<string>;
}

export function SiteFields({ form, fields, isDisabled, onChange, withPassword }: SiteFieldsProps) {
  const { t } = useTranslation();
  const errorOf = useFieldErrors(fields);
  const groups = useAnswer(operations.listSiteGroups, {}, ['site-group']);
  const text = (field: keyof SiteForm & string, path: string = field) => ({
    label: t(`sites.fields.${field}`),
    value: form[field] as string,
    error: errorOf(path),
    isDisabled,
    onChange: (value: string) => onChange({ [field]: value }),
  });
  const setEndpoint = (index: number, change: Partial<EndpointForm>) =>
    onChange({
      endpoints: form.endpoints.map((one, at) => (at === index ? { ...one, ...change } : one)),
    });
  return (
    <>
      <fieldset className="fields">
        <legend>{t('sites.about')}</legend>
        <TextInput {...text('name')} isRequired />
        <TextInput {...text('number')} hint={t('sites.hints.number')} />
        <TextInput {...text('commune')} />
        <TextInput {...text('district')} />
        <TextInput {...text('contactName')} />
        <TextInput {...text('contactPhone')} type="tel" />
        <TextInput
          {...text('lineSpeedKbps', 'lineSpeedBps')}
          type="number"
          min={64}
          hint={t('sites.hints.lineSpeedKbps')}
        />
        {(groups.data?.length ?? 0) > 0 && (
          <Choice
            {...text('groupId')}
            hint={t('sites.hints.groupId')}
            options={[
              { value: '', label: t('common.none') },
              ...(groups.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        )}
        <Choice
          {...text('layout')}
          options={[
            { value: '', label: t('sites.layoutOfConference') },
            ...SceneLayout.options.map(one => ({ value: one, label: t(`layouts.${one}`) })),
          ]}
        />
        <Choice
          {...text('srtp')}
          options={[
            { value: '', label: t('common.usual') },
            ...SrtpPolicyName.options.map(one => ({ value: one, label: t(`srtp.${one}`) })),
          ]}
        />
        <TextInput {...text('notes')} rows={3} />
      </fieldset>
      {form.endpoints.map((endpoint, index) => (
        <EndpointFields
          key={endpoint.id || index}
          endpoint={endpoint}
          number={index + 1}
          errorOf={field => errorOf(`endpoints.${index}.${field}`)}
          isDisabled={isDisabled}
          hasPassword={withPassword.has(endpoint.id)}
          onChange={change => setEndpoint(index, change)}
          onRemove={() => onChange({ endpoints: form.endpoints.filter((_, at) => at !== index) })}
        />
      ))}
      {!isDisabled && form.endpoints.length < 10 && (
        <Button onPress={() => onChange({ endpoints: [...form.endpoints, emptyEndpoint] })}>
          <Icon name="plus" />
          {t('sites.addEndpoint')}
        </Button>
      )}
    </>
  );
}
