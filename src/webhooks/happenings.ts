/** From what the gateway knows to what webhooks are told: pure differences between then and now. */

import type { WebhookEvent } from '../contract/jobs.ts';
import type { MeetingView } from '../contract/meetings.ts';
import type { ParticipantDetailView } from '../contract/rest.ts';

export interface Happening {
  readonly event: WebhookEvent;
  readonly data: Readonly<Record<string, unknown>>;
}

type Person = Pick<ParticipantDetailView, 'id' | 'name' | 'kind' | 'siteId' | 'alarms'>;

/** Who came, who went, and what devices began or ceased to fail in. */
export function rosterHappenings(
  conferenceId: string,
  before: readonly Person[],
  after: readonly Person[],
): Happening[] {
  const earlier = new Map(before.map(one => [one.id, one]));
  const here = new Set(after.map(({ id }) => id));
  const came = after.filter(({ id }) => !earlier.has(id));
  const went = before.filter(({ id }) => !here.has(id));
  return [
    ...came.map(one => happening('participant.joined', conferenceId, one)),
    ...after.flatMap(one => alarmHappenings(conferenceId, earlier.get(one.id)?.alarms ?? [], one)),
    ...went.map(one => happening('participant.left', conferenceId, one)),
  ];
}

function alarmHappenings(
  conferenceId: string,
  before: readonly string[],
  one: Person,
): Happening[] {
  const after: readonly string[] = one.alarms;
  const raised = after.filter(alarm => !before.includes(alarm));
  const cleared = before.filter(alarm => !after.includes(alarm));
  return [
    ...raised.map(alarm => happening('alarm.raised', conferenceId, one, { alarm })),
    ...cleared.map(alarm => happening('alarm.cleared', conferenceId, one, { alarm })),
  ];
}

function happening(
  event: WebhookEvent,
  conferenceId: string,
  { id, name, kind, siteId }: Person,
  more: Readonly<Record<string, unknown>> = {},
): Happening {
  const data = { conferenceId, participantId: id, name, kind, ...(siteId && { siteId }), ...more };
  return { event, data };
}

type Running = Pick<MeetingView, 'id' | 'conferenceId' | 'conferenceName' | 'startedAtMs'>;

/** Which meetings began and ended. */
export function meetingHappenings(
  before: readonly Running[],
  after: readonly Running[],
): Happening[] {
  const isIn = (list: readonly Running[], id: string) => list.some(one => one.id === id);
  const data = ({ id, conferenceId, conferenceName, startedAtMs }: Running) => ({
    meetingId: id,
    conferenceId,
    conferenceName,
    startedAtMs,
  });
  const ended = before.filter(({ id }) => !isIn(after, id));
  const started = after.filter(({ id }) => !isIn(before, id));
  return [
    ...ended.map(one => ({ event: 'meeting.ended', data: data(one) }) as const),
    ...started.map(one => ({ event: 'meeting.started', data: data(one) }) as const),
  ];
}

type State = { readonly id: string; readonly state: string };

/** Sites whose state is another; of those that were not known before, nothing. */
export function siteHappenings(
  before: ReadonlyMap<string, string>,
  after: readonly State[],
): Happening[] {
  return after.flatMap(({ id, state }) => {
    const was = before.get(id);
    if (was === undefined || was === state) return [];
    return [{ event: 'site.state-changed', data: { siteId: id, state, was } } as const];
  });
}
