import {
  Button,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Switch,
  Text,
  TextArea,
  TextField,
} from 'react-aria-components';
import { Icon } from './Icon.tsx';

interface Named {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with it. */
  readonly error?: string | undefined;
  readonly isDisabled?: boolean;
}

export interface TextInputProps extends Named {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'password' | 'tel' | 'url' | 'number' | 'datetime-local' | 'date';
  readonly isRequired?: boolean;
  readonly autoComplete?: string;
  readonly rows?: number;
  readonly placeholder?: string;
  readonly autoFocus?: boolean;
  readonly name?: string;
  readonly min?: number;
  readonly max?: number;
}

export function TextInput(props: TextInputProps) {
  const { label, hint, error, value, onChange, rows, isRequired = false } = props;
  const { type = 'text', placeholder = '', min, max, autoComplete = 'off' } = props;
  const range = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  return (
    <TextField
      className="field"
      value={value}
      onChange={onChange}
      isRequired={isRequired}
      isDisabled={props.isDisabled ?? false}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      autoComplete={autoComplete}
      autoFocus={props.autoFocus ?? false}
      {...(props.name && { name: props.name })}
      type={type as 'text'}
    >
      <Label>{label}</Label>
      {rows ? (
        <TextArea rows={rows} placeholder={placeholder} />
      ) : (
        <Input placeholder={placeholder} {...range} />
      )}
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </TextField>
  );
}

export interface ChoiceOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export interface ChoiceProps<Value extends string> extends Named {
  readonly value: Value;
  readonly options: readonly ChoiceOption<Value>[];
  readonly onChange: (value: Value) => void;
  readonly className?: string;
}

export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, hint, error, value, options, onChange, className = 'field' } = props;
  return (
    <Select
      className={className}
      selectedKey={value}
      onSelectionChange={key => onChange(key as Value)}
      isDisabled={props.isDisabled ?? false}
      isInvalid={error !== undefined}
    >
      <Label>{label}</Label>
      <Button className="select-button">
        <SelectValue />
        <Icon name="down" />
      </Button>
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
      <Popover className="popover">
        <ListBox items={options} className="list-box">
          {option => (
            <ListBoxItem id={option.value} textValue={option.label} className="list-item">
              {option.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}

export interface ToggleProps extends Named {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function Toggle({ label, hint, isOn, onChange, isDisabled = false }: ToggleProps) {
  return (
    <div className="toggle-field">
      <Switch className="toggle" isSelected={isOn} onChange={onChange} isDisabled={isDisabled}>
        <span className="toggle-track" aria-hidden="true" />
        {label}
      </Switch>
      {hint && <p className="hint">{hint}</p>}
    </div>
  );
}
