import { meetingOperations } from '../../contract/meetings.ts';
import type { ApiCore } from '../core.ts';
import type { OperationRoutes } from '../operations.ts';

/** Meetings that run: their sites, their people, and what holds for everybody. */
export function serveMeetings(
  routes: OperationRoutes,
  { meetings }: Pick<ApiCore, 'meetings'>,
): void {
  const ops = meetingOperations;
  routes.serve(ops.listMeetings, ({ by, query }) => meetings.list(by, query));
  routes.serve(ops.getMeeting, ({ by, params }) => meetings.get(by, params.id));
  routes.serve(ops.startMeeting, ({ by, params, body }) => meetings.start(by, params.id, body));
  routes.serve(ops.endMeeting, ({ by, params }) => done(meetings.end(by, params.id)));
  routes.serve(ops.extendMeeting, ({ by, params, body }) =>
    meetings.extend(by, params.id, body.minutes),
  );
  routes.serve(ops.lockMeeting, ({ by, params, body }) =>
    meetings.lock(by, params.id, body.locked),
  );
  routes.serve(ops.showMessage, ({ by, params, body }) =>
    meetings.say(by, params.id, body.text, body.seconds),
  );
  routes.serve(ops.dialSites, ({ by, params, body }) => meetings.dial(by, params.id, body.sites));
  routes.serve(ops.cancelDialling, ({ by, params }) => meetings.cancelDialling(by, params.id));
  routes.serve(ops.hangUpSite, ({ by, params, body }) =>
    meetings.hangUp(by, params.id, body.siteIds),
  );
  routes.serve(ops.muteAll, ({ by, params, body }) =>
    done(meetings.muteAll(by, params.id, body.muted, body.exceptParticipantIds)),
  );
  routes.serve(ops.changeParticipant, ({ by, params, body }) =>
    done(meetings.changeParticipant(by, params.id, params.participantId, body)),
  );
  routes.serve(ops.removeParticipant, ({ by, params }) =>
    done(meetings.putOut(by, params.id, params.participantId)),
  );
}

async function done(work: Promise<void>): Promise<undefined> {
  await work;
  return undefined;
}
