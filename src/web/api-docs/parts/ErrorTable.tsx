import { useTranslation } from 'react-i18next';
import { ERROR_WORDS, type ErrorWords } from '../../../contract/error-words.ts';
import { errorCodes, type ListedOperation } from '../document.ts';

/** Every code that an operation may fail with, in plain words. */
export function ErrorTable({ operations }: { readonly operations: readonly ListedOperation[] }) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'vi' ? 'vi' : 'en';
  const words: Readonly<Record<string, ErrorWords>> = ERROR_WORDS;
  const statuses = operations.flatMap(errorCodes);
  const rows = new Map(statuses.flatMap(([status, codes]) => codes.map(code => [code, status])));
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t('status')}</th>
          <th scope="col">{t('code')}</th>
          <th scope="col">{t('meaning')}</th>
          <th scope="col">{t('nextStep')}</th>
        </tr>
      </thead>
      <tbody>
        {[...rows].map(([code, status]) => (
          <tr key={code} id={`error-${code}`}>
            <td>{status}</td>
            <td>
              <code>{code}</code>
            </td>
            <td>{words[code]?.meaning[language]}</td>
            <td>{words[code]?.nextStep[language]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
