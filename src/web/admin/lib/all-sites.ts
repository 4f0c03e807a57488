import { operations } from '../../../contract/operations.ts';
import { useAnswer } from './hooks.ts';

/** As many as one answer holds: three times the size this is built for. */
const MAX_SITES = 500;

/** Every site one may see, by name. */
export function useAllSites() {
  const answer = useAnswer(operations.listSites, { query: { limit: MAX_SITES, sort: 'name' } }, [
    'site',
  ]);
  return { ...answer, data: answer.data?.items };
}

/** Every conference one may see, by name. */
export function useAllConferences() {
  const query = { limit: MAX_SITES, sort: 'name' } as const;
  const answer = useAnswer(operations.listConferences, { query }, ['conference', 'mapping']);
  return { ...answer, data: answer.data?.items };
}
