import { type ImportKind, jobOperations } from '../../contract/jobs.ts';
import type { Permission } from '../../contract/permissions.ts';
import type { Principal } from '../../domain/actor.ts';
import { GatewayError } from '../../domain/errors.ts';
import { given } from '../../util/given.ts';
import { found } from '../errors.ts';
import type { OperationRoutes } from '../operations.ts';
import { sendFile } from '../send-file.ts';
import type { WorkCore } from '../work-core.ts';

/** Imports, exports, jobs and webhooks. */
export function serveWork(routes: OperationRoutes, { imports, jobs, webhooks }: WorkCore): void {
  routes.serve(jobOperations.importRows, ({ by, params: { kind }, query, req }) => {
    require(by, kind === 'sites' ? 'sites.write' : 'conferences.write');
    const file: unknown = req.body;
    if (!Buffer.isBuffer(file) || file.length === 0)
      throw new GatewayError('file-not-understood', 'There is nothing in this file: send it anew.');
    return imports.start(by, { kind, file, ...query });
  });
  routes.serve(jobOperations.exportRows, async ({ by, params: { kind }, query, res }) => {
    require(by, READS[kind]);
    return sendFile(res, `diemcau-${kind}`, await imports.export(by, kind, query.format));
  });
  routes.serve(jobOperations.importTemplate, async ({ params: { kind }, query, res }) =>
    sendFile(res, `diemcau-${kind}-template`, await imports.template(kind, query.format)),
  );

  routes.serve(jobOperations.getJob, ({ by, params }) => found(jobs.get(params.id, by), 'job'));
  routes.serve(jobOperations.cancelJob, ({ by, params }) => {
    found(jobs.cancel(params.id, by), 'job');
    return undefined;
  });

  routes.serve(jobOperations.listWebhooks, ({ query }) => webhooks.list(query));
  routes.serve(jobOperations.createWebhook, ({ by, body }) => webhooks.create(by, body));
  routes.serve(jobOperations.updateWebhook, async ({ by, params, body }) => {
    const { version, ...change } = body;
    return found(await webhooks.update(by, params.id, { version, ...given(change) }), 'webhook');
  });
  routes.serve(jobOperations.deleteWebhook, async ({ by, params }) => {
    found(await webhooks.delete(by, params.id), 'webhook');
    return undefined;
  });
}

const READS = { sites: 'sites.read', conferences: 'conferences.read' } as const satisfies Record<
  ImportKind,
  Permission
>;

/** What the kind of rows needs besides what the operation does. */
function require({ permissions }: Principal, permission: Permission): void {
  if (permissions.has(permission)) return;
  const message = 'Your account may not do this. Ask an administrator for the right.';
  throw new GatewayError('not-authorized', message, { details: { permission } });
}
