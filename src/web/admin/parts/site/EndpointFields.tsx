import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { EndpointForm } from '../../lib/site-form.ts';
import { Choice, TextInput } from '../Fields.tsx';

export interface EndpointFieldsProps {
  readonly endpoint: EndpointForm;
  readonly number: number;
  readonly errorOf: (field: keyof EndpointForm) => string | undefined;
  readonly isDisabled: boolean;
  readonly hasPassword: boolean;
  readonly onChange: (change: Partial<EndpointForm>) => void;
  readonly onRemove: () => void;
}

/** A device of a site: how it comes to us, and how we reach it. */
export function EndpointFields(props: EndpointFieldsProps) {
  const { endpoint, number, errorOf, isDisabled, hasPassword, onChange, onRemove } = props;
  const { t } = useTranslation();
  const text = (field: keyof EndpointForm) => ({
    label: t(`endpoints.fields.${field}`),
    value: endpoint[field] as string,
    error: errorOf(field),
    isDisabled,
    onChange: (value: string) => onChange({ [field]: value }),
  });
  return (
    <fieldset className="fields">
      <legend>{t('endpoints.title', { number })}</legend>
      <TextInput {...text('sipUsername')} hint={t('endpoints.hints.sipUsername')} />
      <TextInput
        {...text('sipPassword')}
        type="password"
        autoComplete="new-password"
        hint={hasPassword ? t('endpoints.hints.passwordSet') : t('endpoints.hints.sipPassword')}
      />
      <TextInput {...text('fixedAddresses')} hint={t('endpoints.hints.fixedAddresses')} />
      <TextInput {...text('dialAddress')} hint={t('endpoints.hints.dialAddress')} />
      <Choice
        {...text('dialTransport')}
        options={[
          { value: '', label: t('common.usual') },
          ...['udp', 'tcp', 'tls'].map(one => ({ value: one, label: one.toUpperCase() })),
        ]}
      />
      <Choice
        {...text('role')}
        options={['main', 'backup'].map(one => ({
          value: one,
          label: t(`endpoints.roles.${one}`),
        }))}
      />
      <TextInput {...text('vendor')} />
      <TextInput {...text('model')} />
      <TextInput {...text('quirks')} hint={t('endpoints.hints.quirks')} />
      {!isDisabled && (
        <Button className="quiet danger-words" onPress={onRemove}>
          {t('endpoints.remove')}
        </Button>
      )}
    </fieldset>
  );
}
