import { operations } from '../../../contract/operations.ts';
import type { App } from './app.ts';
import type { Draft } from './drafts.ts';
import { toProblem } from './problem.ts';

export interface Saving<Form extends object, View extends { readonly version: number }> {
  readonly draft: Draft<Form>;
  readonly formOf: (view: View) => Form;
  /** Sends what was changed; gives what is stored then. */
  readonly save: () => Promise<View>;
  /** What is stored, after somebody else has changed it. */
  readonly current: () => Promise<View>;
  /** As the audit log names it. */
  readonly of: { readonly entity: string; readonly id: string };
}

/** Saves a draft; who comes second is told who came first. Gives the view when it is saved. */
export async function saveDraft<Form extends object, View extends { readonly version: number }>(
  app: App,
  { draft, formOf, save, current, of }: Saving<Form, View>,
): Promise<View | undefined> {
  draft.store.set({ isSaving: true, problem: undefined, fields: [] });
  try {
    const view = await save();
    draft.saved(formOf(view), view.version);
    return view;
  } catch (thrown) {
    const problem = toProblem(thrown);
    if (problem.code !== 'version-conflict') {
      draft.store.set({ isSaving: false, problem, fields: problem.fields });
      return undefined;
    }
  }
  await showConflict(app, { draft, formOf, save, current, of });
  return undefined;
}

async function showConflict<Form extends object, View extends { readonly version: number }>(
  app: App,
  { draft, formOf, current, of }: Saving<Form, View>,
): Promise<void> {
  try {
    const [view, by] = await Promise.all([current(), lastChangeBy(app, of)]);
    const conflict = { theirs: formOf(view), version: view.version, by };
    draft.store.set({ isSaving: false, conflict });
  } catch (thrown) {
    draft.store.set({ isSaving: false, problem: toProblem(thrown) });
  }
}

/** Who changed it last; undefined where this may not be known. */
async function lastChangeBy(
  { client, session }: App,
  { entity, id }: { entity: string; id: string },
): Promise<string | undefined> {
  if (!session.can('audit.read')) return undefined;
  const query = { entity, entityId: id, limit: 1 };
  const log = await client.call(operations.listAudit, { query }).catch(() => undefined); // a detail
  return log?.items[0]?.actor.name;
}
