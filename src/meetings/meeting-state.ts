/**
 * Life of one run of a conference.
 *
 *   scheduled ──start──▶ running ──end──▶ ended
 *
 * A person or the schedule starts it; a person, its time, or an empty room ends it. The next
 * run is another meeting.
 */
export type MeetingState = 'scheduled' | 'running' | 'ended';
export type MeetingEvent = 'start' | 'end';

const TRANSITIONS: Record<MeetingState, Partial<Record<MeetingEvent, MeetingState>>> = {
  scheduled: { start: 'running' },
  running: { end: 'ended' },
  ended: {},
};

/** Next state, or undefined when the event means nothing in this state. */
export function nextMeetingState(
  state: MeetingState,
  event: MeetingEvent,
): MeetingState | undefined {
  return TRANSITIONS[state][event];
}
