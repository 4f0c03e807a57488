import { useTranslation } from 'react-i18next';
import { SceneLayout } from '../../../../contract/layout.ts';
import { operations } from '../../../../contract/operations.ts';
import { aliasFor, type ConferenceForm } from '../../lib/conference-form.ts';
import { useAnswer } from '../../lib/hooks.ts';
import type { FieldProblem } from '../../lib/problem.ts';
import { Choice, TextInput, Toggle } from '../Fields.tsx';
import { useFieldErrors } from '../field-errors.ts';
import { MemberFields } from './MemberFields.tsx';
import { ScheduleFields } from './ScheduleFields.tsx';

export interface ConferenceFieldsProps {
  readonly form: ConferenceForm;
  readonly fields: readonly FieldProblem[];
  readonly isDisabled: boolean;
  readonly isNew: boolean;
  readonly hasPin: boolean;
  readonly hasChairPin: boolean;
  readonly onChange: (change: Partial<ConferenceForm>) => void;
}

const GRID_SIZES = ['', '1', '4', '9', '16', '25'];

export function ConferenceFields(props: ConferenceFieldsProps) {
  const { form, fields, isDisabled, isNew, hasPin, hasChairPin, onChange } = props;
  const { t } = useTranslation();
  const errorOf = useFieldErrors(fields);
  const groups = useAnswer(operations.listSiteGroups, {}, ['site-group']);
  const text = (field: keyof ConferenceForm & string) => ({
    label: t(`conferences.fields.${field}`),
    value: form[field] as string,
    error: errorOf(field),
    isDisabled,
    onChange: (value: string) => onChange({ [field]: value }),
  });
  const rename = (name: string) => {
    const isOurs = isNew && form.alias === aliasFor(form.name);
    onChange({ name, ...(isOurs && { alias: aliasFor(name) }) });
  };
  return (
    <>
      <fieldset className="fields">
        <legend>{t('conferences.about')}</legend>
        <TextInput {...text('name')} onChange={rename} isRequired />
        <TextInput {...text('number')} hint={t('conferences.hints.number')} isRequired />
        <TextInput {...text('alias')} hint={t('conferences.hints.alias')} isRequired />
        {(groups.data?.length ?? 0) > 0 && (
          <Choice
            {...text('groupId')}
            options={[
              { value: '', label: t('common.none') },
              ...(groups.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        )}
        <TextInput {...text('agenda')} rows={4} />
      </fieldset>
      <ScheduleFields form={form} errorOf={errorOf} isDisabled={isDisabled} onChange={onChange} />
      <MemberFields
        members={form.members}
        isDisabled={isDisabled}
        error={errorOf('members')}
        onChange={members => onChange({ members })}
      />
      <fieldset className="fields">
        <legend>{t('conferences.conduct')}</legend>
        <Choice
          {...text('layout')}
          options={SceneLayout.options.map(one => ({ value: one, label: t(`layouts.${one}`) }))}
        />
        <Choice
          {...text('gridSize')}
          options={GRID_SIZES.map(one => ({ value: one, label: one || t('conferences.gridFits') }))}
        />
        <Toggle
          label={t('conferences.fields.muteOnEntry')}
          isOn={form.muteOnEntry}
          isDisabled={isDisabled}
          onChange={muteOnEntry => onChange({ muteOnEntry })}
        />
        <Toggle
          label={t('conferences.fields.recordingWished')}
          hint={t('conferences.hints.recordingWished')}
          isOn={form.recordingWished}
          isDisabled={isDisabled}
          onChange={recordingWished => onChange({ recordingWished })}
        />
      </fieldset>
      <fieldset className="fields">
        <legend>{t('conferences.pins')}</legend>
        <TextInput
          {...text('pin')}
          type="password"
          hint={hasPin ? t('conferences.hints.pinSet') : t('conferences.hints.pin')}
        />
        {hasPin && (
          <Toggle
            label={t('conferences.fields.removesPin')}
            isOn={form.removesPin}
            isDisabled={isDisabled}
            onChange={removesPin => onChange({ removesPin })}
          />
        )}
        <TextInput
          {...text('chairPin')}
          type="password"
          hint={hasChairPin ? t('conferences.hints.pinSet') : t('conferences.hints.chairPin')}
        />
        {hasChairPin && (
          <Toggle
            label={t('conferences.fields.removesChairPin')}
            isOn={form.removesChairPin}
            isDisabled={isDisabled}
            onChange={removesChairPin => onChange({ removesChairPin })}
          />
        )}
      </fieldset>
    </>
  );
}
