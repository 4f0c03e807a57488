import { systemOperations as operations } from '../../contract/system.ts';
import type { Principal } from '../../domain/actor.ts';
import type { ApiCore } from '../core.ts';
import { found } from '../errors.ts';
import type { OperationRoutes } from '../operations.ts';

/** Calls, bans, health and settings, and what runs of a conference. */
export function serveSystem(routes: OperationRoutes, core: ApiCore): void {
  const { conferences, calls, bans, sites } = core;

  /** The calls of the sites somebody may see. */
  const callsOf = async (by: Principal) => {
    const all = calls.list();
    if (!by.groupIds) return all;
    const seen = await Promise.all(all.map(({ siteId }) => sites.get(by, siteId)));
    return all.filter((_, index) => seen[index] !== undefined);
  };

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

  routes.serve(operations.listCalls, ({ by }) => callsOf(by));
  routes.serve(operations.endCall, async ({ by, params: { id } }) => {
    const isSeen = !by.groupIds || (await callsOf(by)).some(({ callId }) => callId === id);
    found(isSeen && (await calls.hangup(id)), 'call');
    await core.note({ by: by.actor, action: 'hung-up', entity: 'call', entityId: id });
    return undefined;
  });
  routes.serve(operations.listCallLog, ({ query, by }) => calls.log(query, by));
  routes.serve(operations.getCallTrace, async ({ params, by }) =>
    found(await calls.trace(params.id, by), 'call'),
  );

  routes.serve(operations.listBans, () => bans.list());
  routes.serve(operations.liftBan, async ({ by, params: { source } }) => {
    found(bans.lift(source), 'ban');
    await core.note({ by: by.actor, action: 'deleted', entity: 'ban', entityId: source });
    return undefined;
  });

  routes.serve(operations.getSystem, () => core.system());
  routes.serve(operations.listSettings, () => core.settings());
}
