import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiDocument, errorCodes, type ListedOperation } from '../document.ts';
import { curlOf } from '../example.ts';
import { SchemaView } from './SchemaView.tsx';

interface OperationViewProps {
  readonly operation: ListedOperation;
  readonly document: ApiDocument;
}

/** One operation; what it takes and gives is made when somebody opens it. */
export function OperationView({ operation, document }: OperationViewProps) {
  const [isOpen, setOpen] = useState(location.hash === `#${operation.operationId}`);
  const { t } = useTranslation();
  const { operationId, method, path, summary, 'x-permission': permission } = operation;
  const needs = { open: t('open'), 'signed-in': t('signedIn') }[permission];
  return (
    <details
      id={operationId}
      className="operation"
      open={isOpen}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span className={`method ${method}`}>{method.toUpperCase()}</span> <code>{path}</code>{' '}
        {summary}
      </summary>
      <p className="quiet">
        <code>{operationId}</code> · {needs ?? t('needs', { permission })}
      </p>
      {isOpen && <OperationParts operation={operation} document={document} />}
    </details>
  );
}

function OperationParts({ operation, document }: OperationViewProps) {
  const { t } = useTranslation();
  const { parameters = [], requestBody, responses } = operation;
  const answers = Object.entries(responses).filter(([, { $ref }]) => $ref === undefined);
  return (
    <>
      {parameters.length > 0 && <h4>{t('parameters')}</h4>}
      {parameters.length > 0 && (
        <dl>
          {parameters.map(({ name, in: place, required, description, schema }) => (
            <div key={`${place} ${name}`}>
              <dt>
                <code>{name}</code> <span className="quiet">{place}</span>
                {required && <span className="required"> {t('required')}</span>}
              </dt>
              <dd>
                <SchemaView schema={schema} document={document} /> {description}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {requestBody && <h4>{t('request')}</h4>}
      {Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => (
        <div key={type}>
          <code>{type}</code>
          <SchemaView schema={schema} document={document} />
        </div>
      ))}
      {answers.map(([status, { content = {} }]) => (
        <div key={status}>
          <h4>{t('answer', { status })}</h4>
          {Object.keys(content).length === 0 && <p>{t('nothing')}</p>}
          {Object.entries(content).map(([type, { schema }]) => (
            <div key={type}>
              <code>{type}</code>
              <SchemaView schema={schema} document={document} />
            </div>
          ))}
        </div>
      ))}
      <h4>{t('errors')}</h4>
      <ul>
        {errorCodes(operation).map(([status, codes]) => (
          <li key={status}>
            {status}:{' '}
            {codes.map(code => (
              <a key={code} href={`#error-${code}`}>
                <code>{code}</code>{' '}
              </a>
            ))}
          </li>
        ))}
      </ul>
      <h4>{t('example')}</h4>
      <pre>{curlOf(operation, document, location.origin)}</pre>
    </>
  );
}
