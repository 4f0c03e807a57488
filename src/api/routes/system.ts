import { systemOperations as operations } from '../../contract/system.ts';
import type { ApiCore } from '../core.ts';
import { found } from '../errors.ts';
import type { OperationRoutes } from '../operations.ts';

/** Calls, bans, health and settings, and what runs of a conference. */
export function serveSystem(routes: OperationRoutes, core: ApiCore): void {
  const { conferences, calls, bans } = core;

  routes.serve(operations.listParticipants, async ({ by, params }) =>
    found(await conferences.participants(by, params.id), 'conference'),
  );
  routes.serve(operations.getLayout, async ({ by, params }) =>
    found(await conferences.layout(by, params.id), 'conference'),
  );
  routes.serve(operations.setLayout, async ({ by, params, body }) =>
    found(await conferences.setLayout(by, params.id, body), 'conference'),
  );
  routes.serve(operations.getSnapshot, async ({ by, params, query, res }) => {
    const taken = found(await conferences.snapshot(by, params.id, query), 'conference');
    res.set('Last-Modified', new Date(taken.takenAtMs).toUTCString());
    return taken.jpeg;
  });

  routes.serve(operations.listCalls, () => calls.list());
  routes.serve(operations.endCall, async ({ params }) => {
    found(await calls.hangup(params.id), 'call');
  });
  routes.serve(operations.listCallLog, ({ query, by }) => calls.log(query, by));
  routes.serve(operations.getCallTrace, async ({ params, by }) =>
    found(await calls.trace(params.id, by), 'call'),
  );

  routes.serve(operations.listBans, () => bans.list());
  routes.serve(operations.liftBan, ({ params }) => {
    found(bans.lift(params.source), 'ban');
  });

  routes.serve(operations.getSystem, () => core.system());
  routes.serve(operations.listSettings, () => core.settings());
}
