import { conferenceOperations } from '../../contract/conferences.ts';
import type { ApiCore } from '../core.ts';
import { found } from '../errors.ts';
import type { OperationRoutes } from '../operations.ts';

/** Conferences, their sites and when they take place. */
export function serveConferences(
  routes: OperationRoutes,
  { conferences }: Pick<ApiCore, 'conferences'>,
): void {
  const {
    listConferences,
    createConference,
    createConferences,
    getConference,
    updateConference,
    deleteConference,
    changeMapping,
    calendar,
  } = conferenceOperations;
  routes.serve(listConferences, ({ by, query }) => conferences.list(by, query));
  routes.serve(createConference, ({ by, body }) => conferences.create(by, body));
  routes.serve(createConferences, async ({ by, body }) => ({
    ids: await conferences.createAll(by, body.conferences),
  }));
  routes.serve(getConference, async ({ by, params }) =>
    found(await conferences.get(by, params.id), 'conference'),
  );
  routes.serve(updateConference, async ({ by, params, body }) =>
    found(await conferences.update(by, params.id, body), 'conference'),
  );
  routes.serve(deleteConference, async ({ by, params }) => {
    found(await conferences.delete(by, params.id), 'conference');
    return undefined;
  });
  routes.serve(changeMapping, ({ by, body }) => conferences.map(by, body));
  routes.serve(calendar, ({ by, query }) => conferences.calendar(by, query.fromMs, query.toMs));
}
