import { expect, it } from 'vitest';
import {
  meetingHappenings,
  rosterHappenings,
  siteHappenings,
} from '../../../src/webhooks/happenings.ts';

const lan = { id: 'p1', name: 'Lan', kind: 'endpoint', siteId: 's1', alarms: [] } as const;
const minh = { id: 'p2', name: 'Minh', kind: 'browser', alarms: [] } as const;
const names = (happenings: readonly { event: string; data: Readonly<Record<string, unknown>> }[]) =>
  happenings.map(({ event, data }) => `${event} ${String(data.participantId ?? data.siteId)}`);

it('who comes and goes is told, who stays is not', () => {
  const told = rosterHappenings('c', [lan], [{ ...minh }]);
  expect(names(told)).toEqual(['participant.joined p2', 'participant.left p1']);
  expect(told[1]?.data).toEqual({
    conferenceId: 'c',
    participantId: 'p1',
    name: 'Lan',
    kind: 'endpoint',
    siteId: 's1',
  });
  expect(rosterHappenings('c', [lan], [lan])).toEqual([]);
});

it('an alarm is told when it comes and when it goes', () => {
  const silent = { ...lan, alarms: ['no-sound'] } as const;
  expect(rosterHappenings('c', [lan], [silent])).toMatchObject([
    { event: 'alarm.raised', data: { alarm: 'no-sound' } },
  ]);
  expect(rosterHappenings('c', [silent], [lan])).toMatchObject([
    { event: 'alarm.cleared', data: { alarm: 'no-sound' } },
  ]);
});

it('a meeting that is another one has ended and begun', () => {
  const meeting = { id: 'm1', conferenceId: 'c', conferenceName: 'Giao ban', startedAtMs: 1 };
  const next = { ...meeting, id: 'm2' };
  const events = (list: readonly { event: string }[]) => list.map(({ event }) => event);
  expect(events(meetingHappenings([], [meeting]))).toEqual(['meeting.started']);
  expect(events(meetingHappenings([meeting], [next]))).toEqual([
    'meeting.ended',
    'meeting.started',
  ]);
  expect(meetingHappenings([meeting], [meeting])).toEqual([]);
});

it('a site whose state changes is told, with what it was; a new one is not', () => {
  const before = new Map([
    ['a', 'ready'],
    ['b', 'ready'],
  ]);
  const after = ['a ready', 'b in-call', 'c ready'].map(one => {
    const [id = '', state = ''] = one.split(' ');
    return { id, state };
  });
  expect(siteHappenings(before, after)).toEqual([
    { event: 'site.state-changed', data: { siteId: 'b', state: 'in-call', was: 'ready' } },
  ]);
});
