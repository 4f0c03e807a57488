import { useTranslation } from 'react-i18next';
import { type ApiDocument, nameOf, resolved, type Schema } from '../document.ts';

interface SchemaViewProps {
  readonly schema: Schema;
  readonly document: ApiDocument;
  /** Names that are open around it: one that stands in itself is not opened again. */
  readonly around?: readonly string[];
}

/** A schema as a list of its fields, components opened by a click. */
export function SchemaView({ schema, document, around = [] }: SchemaViewProps) {
  const { t } = useTranslation();
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref);
    if (around.includes(name)) return <code>{name}</code>;
    return (
      <details>
        <summary>
          <code>{name}</code>
        </summary>
        <SchemaView
          schema={resolved(schema, document)}
          document={document}
          around={[...around, name]}
        />
      </details>
    );
  }
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices)
    return (
      <div>
        {schema.allOf ? null : <span className="quiet">{t('oneOf')}</span>}
        {choices.map(choice => (
          <SchemaView
            key={JSON.stringify(choice)}
            schema={choice}
            document={document}
            around={around}
          />
        ))}
      </div>
    );
  if (schema.properties)
    return (
      <dl>
        {Object.entries(schema.properties).map(([name, property]) => (
          <Field key={name} name={name} isRequired={schema.required?.includes(name) ?? false}>
            <SchemaView schema={property} document={document} around={around} />
          </Field>
        ))}
      </dl>
    );
  if (schema.items)
    return (
      <div>
        <span className="quiet">
          {t('listOf')} {limits(schema)}
        </span>
        <SchemaView schema={schema.items} document={document} around={around} />
      </div>
    );
  return (
    <span>
      <code>{kindOf(schema)}</code>{' '}
      <span className="quiet">
        {limits(schema)}
        {schema.default === undefined
          ? ''
          : ` ${t('usually', { value: JSON.stringify(schema.default) })}`}
      </span>
    </span>
  );
}

interface FieldProps {
  readonly name: string;
  readonly isRequired: boolean;
  readonly children: React.ReactNode;
}

function Field({ name, isRequired, children }: FieldProps) {
  const { t } = useTranslation();
  return (
    <>
      <dt>
        <code>{name}</code>
        {isRequired && <span className="required"> {t('required')}</span>}
      </dt>
      <dd>{children}</dd>
    </>
  );
}

function kindOf({ type, enum: values, const: only, format }: Schema): string {
  if (values) return values.map(value => JSON.stringify(value)).join(' | ');
  if (only !== undefined) return JSON.stringify(only);
  const name = typeof type === 'string' ? type : (type?.join(' | ') ?? 'any');
  return format ? `${name} (${format})` : name;
}

/** What a value may be, in signs that need no language. */
function limits(schema: Schema): string {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern } = schema;
  const [from, to] = [minimum ?? minLength ?? minItems, maximum ?? maxLength ?? maxItems];
  const range = from === undefined && to === undefined ? '' : `${from ?? ''} – ${to ?? ''}`;
  return [range, pattern ?? ''].join(' ').trim();
}
