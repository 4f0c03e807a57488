import { useTranslation } from 'react-i18next';
import { changesBetween } from '../lib/changes.ts';

const MAX_SHOWN = 3;

/** What a change changed: a few fields at once, all of them on demand. */
export function Changes({ before, after }: { readonly before: unknown; readonly after: unknown }) {
  const { t } = useTranslation();
  const changes = changesBetween(before, after);
  if (changes.length === 0) return <>—</>;
  const list = (shown: typeof changes) => (
    <dl className="changes">
      {shown.map(change => (
        <div key={change.field}>
          <dt>{change.field}</dt>
          <dd>
            {change.before && <del>{change.before}</del>}{' '}
            {change.after && <ins>{change.after}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
  if (changes.length <= MAX_SHOWN) return list(changes);
  return (
    <>
      {list(changes.slice(0, MAX_SHOWN))}
      <details>
        <summary>{t('audit.more', { count: changes.length - MAX_SHOWN })}</summary>
        {list(changes.slice(MAX_SHOWN))}
      </details>
    </>
  );
}
