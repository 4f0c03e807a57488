/** Conferences as somebody writes them: what is given on top of what is there. */
import type { ConferenceInput, ConferencePatch } from '../contract/conferences.ts';
import type { Principal } from '../domain/actor.ts';
import type { Conference, ConferenceMember, ConferenceSchedule } from '../domain/conference.ts';
import { newConferenceId, type SiteId } from '../domain/ids.ts';
import { groupFor } from '../domain/scope.ts';
import { given } from '../util/given.ts';
import { hashPin } from './pin.ts';
import type { StoredConference } from './ports.ts';
import { requireSchedule } from './schedule.ts';

/** @throws GatewayError `bad-request` naming what cannot be */
export async function newConference(by: Principal, input: ConferenceInput): Promise<Conference> {
  const { pin, chairPin, members, schedule, agenda, muteOnEntry, recordingWished } = input;
  const { name, number, alias, layout, gridSize } = input;
  return {
    ...{ id: newConferenceId(), name, number, alias, layout },
    members: toMembers(members),
    ...given({
      schedule: schedule && toSchedule(schedule),
      agenda: agenda || undefined,
      gridSize,
      groupId: groupFor(by, input.groupId),
      pinHash: pin === undefined ? undefined : await hashPin(pin),
      chairPinHash: chairPin === undefined ? undefined : await hashPin(chairPin),
    }),
    ...(muteOnEntry && { muteOnEntry }),
    ...(recordingWished && { recordingWished }),
  };
}

/**
 * What a patch makes of a conference; PINs are hashed before, since the database waits for nobody.
 *
 * @throws GatewayError `bad-request` naming what cannot be
 */
export async function conferenceChange(
  by: Principal,
  patch: ConferencePatch,
): Promise<(conference: StoredConference) => Conference> {
  const { version: _, pin, chairPin, members, schedule, groupId, ...rest } = patch;
  const changes = {
    ...rest,
    pinHash: pin ? await hashPin(pin) : pin,
    chairPinHash: chairPin ? await hashPin(chairPin) : chairPin,
    members: members && toMembers(members),
    schedule: schedule && toSchedule(schedule),
    groupId: groupId === undefined ? undefined : (groupFor(by, groupId ?? undefined) ?? null),
  };
  const known = Object.entries(changes).filter(([, value]) => value !== undefined);
  return ({ version: __, createdAtMs: ___, changedAtMs: ____, ...current }) => {
    const wanted = { ...current, ...Object.fromEntries(known) };
    const filled = Object.entries(given(wanted)).filter(([, value]) => !isNothing(value));
    return Object.fromEntries(filled) as unknown as Conference;
  };
}

/** An emptied field, and a wish that is none. */
function isNothing(value: unknown): boolean {
  return value === '' || value === false;
}

function toMembers(members: ConferenceInput['members']): ConferenceMember[] {
  return members.map(({ siteId, role, dial }) => ({ siteId: siteId as SiteId, role, dial }));
}

function toSchedule({
  rrule,
  ...schedule
}: NonNullable<ConferenceInput['schedule']>): ConferenceSchedule {
  const wanted = { ...schedule, ...(rrule && { rrule }) };
  requireSchedule(wanted);
  return wanted;
}
