import { useTranslation } from 'react-i18next';
import type { FieldProblem } from '../lib/problem.ts';

/** What is wrong with a field, in our words where we have some. */
export function useFieldErrors(
  fields: readonly FieldProblem[],
): (path: string) => string | undefined {
  const { t } = useTranslation();
  return path => {
    const found = fields.find(field => field.path === path || field.path.startsWith(`${path}.`));
    if (!found) return undefined;
    const name = path
      .split('.')
      .filter(part => !/^\d+$/.test(part))
      .at(-1);
    return t(`invalid.${name}`, { defaultValue: found.message });
  };
}
