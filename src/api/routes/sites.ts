import { siteOperations } from '../../contract/sites.ts';
import type { ApiCore } from '../core.ts';
import { found } from '../errors.ts';
import type { OperationRoutes } from '../operations.ts';

/** Sites, their endpoints, and groups of them. */
export function serveSites(routes: OperationRoutes, { sites }: Pick<ApiCore, 'sites'>): void {
  const {
    listSites,
    createSite,
    createSites,
    getSite,
    updateSite,
    deleteSite,
    endpointHistory,
    listSiteGroups,
    createSiteGroup,
    renameSiteGroup,
    deleteSiteGroup,
  } = siteOperations;
  routes.serve(listSites, ({ by, query }) => sites.list(by, query));
  routes.serve(createSite, ({ by, body }) => sites.create(by, body));
  routes.serve(createSites, async ({ by, body }) => ({
    ids: await sites.createAll(by, body.sites),
  }));
  routes.serve(getSite, async ({ by, params }) => found(await sites.get(by, params.id), 'site'));
  routes.serve(updateSite, async ({ by, params, body }) =>
    found(await sites.update(by, params.id, body), 'site'),
  );
  routes.serve(deleteSite, async ({ by, params }) => {
    found(await sites.delete(by, params.id), 'site');
    return undefined;
  });
  routes.serve(endpointHistory, async ({ by, params }) =>
    found(await sites.history(by, params.id, params.endpointId), 'endpoint'),
  );
  routes.serve(listSiteGroups, ({ by }) => sites.listGroups(by));
  routes.serve(createSiteGroup, ({ by, body }) => sites.createGroup(by, body));
  routes.serve(renameSiteGroup, async ({ by, params, body }) =>
    found(await sites.renameGroup(by, params.id, body), 'group'),
  );
  routes.serve(deleteSiteGroup, async ({ by, params }) => {
    found(await sites.deleteGroup(by, params.id), 'group');
    return undefined;
  });
}
