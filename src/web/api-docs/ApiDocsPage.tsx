import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type ApiDocument,
  type ListedOperation,
  listOperations,
  loadDocument,
} from './document.ts';
import { ErrorTable } from './parts/ErrorTable.tsx';
import { OperationView } from './parts/OperationView.tsx';

/** The API for people: operations by subject, with what they take, give and fail with. */
export function ApiDocsPage() {
  const { t } = useTranslation();
  const [document, setDocument] = useState<ApiDocument>();
  const [hasFailed, setFailed] = useState(false);
  const [words, setWords] = useState('');
  useEffect(() => {
    loadDocument().then(setDocument, () => setFailed(true));
  }, []);
  if (hasFailed) return <p role="alert">{t('failed')}</p>;
  if (!document) return <p role="status">{t('loading')}</p>;
  const all = listOperations(document);
  const shown = all.filter(operation => fits(operation, words));
  return (
    <main>
      <h1>
        {t('title')} <span className="quiet">{document.info.version}</span>
      </h1>
      <p>
        {t('intro')} <a href="/api/v1/openapi.json">openapi.json</a>
      </p>
      <label>
        {t('find')}
        <input type="search" value={words} onChange={event => setWords(event.target.value)} />
      </label>
      <p role="status" className="quiet">
        {t('found', { count: shown.length })}
      </p>
      {document.tags.map(({ name }) => (
        <Tag
          key={name}
          name={name}
          operations={shown.filter(({ tags }) => tags.includes(name))}
          document={document}
        />
      ))}
      <section aria-labelledby="errors">
        <h2 id="errors">{t('errors')}</h2>
        <ErrorTable operations={all} />
      </section>
    </main>
  );
}

interface TagProps {
  readonly name: string;
  readonly operations: readonly ListedOperation[];
  readonly document: ApiDocument;
}

function Tag({ name, operations, document }: TagProps) {
  if (operations.length === 0) return null;
  return (
    <section aria-labelledby={`tag-${name}`}>
      <h2 id={`tag-${name}`}>{name}</h2>
      {operations.map(operation => (
        <OperationView key={operation.operationId} operation={operation} document={document} />
      ))}
    </section>
  );
}

function fits({ operationId, path, summary }: ListedOperation, words: string): boolean {
  const text = `${operationId} ${path} ${summary}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word));
}
