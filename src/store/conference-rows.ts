import type { Insertable, Selectable } from 'kysely';
import type { StoredConference } from '../conferences/ports.ts';
import type { GridSize, SceneLayout } from '../contract/layout.ts';
import type { Conference, ConferenceMember } from '../domain/conference.ts';
import type { ConferenceId, SiteGroupId, SiteId } from '../domain/ids.ts';
import { given } from '../util/given.ts';
import { searchText } from '../util/search-text.ts';
import type { Tables } from './schema.ts';

export type ConferenceRow = Selectable<Tables['conference']>;
export type MemberRow = Selectable<Tables['conference_site']>;

export function toConference(row: ConferenceRow, members: readonly MemberRow[]): StoredConference {
  return {
    id: row.id as ConferenceId,
    name: row.name,
    number: row.number,
    alias: row.alias,
    members: members.map(toMember),
    layout: row.layout as SceneLayout,
    ...given({
      pinHash: row.pin_hash,
      chairPinHash: row.chair_pin_hash,
      agenda: row.agenda,
      gridSize: row.grid_size as GridSize | null,
      groupId: row.group_id as SiteGroupId | null,
    }),
    ...(row.schedule !== null && { schedule: JSON.parse(row.schedule) }),
    ...(row.mute_on_entry === 1 && { muteOnEntry: true }),
    ...(row.recording_wished === 1 && { recordingWished: true }),
    version: row.version,
    createdAtMs: row.created_at_ms,
    changedAtMs: row.changed_at_ms,
  };
}

function toMember({ site_id, role, dial }: MemberRow): ConferenceMember {
  return {
    siteId: site_id as SiteId,
    role: role as ConferenceMember['role'],
    dial: dial as ConferenceMember['dial'],
  };
}

type Columns = Omit<
  Insertable<Tables['conference']>,
  'version' | 'created_at_ms' | 'changed_at_ms' | 'id'
>;

export function conferenceColumns(conference: Conference): Columns {
  const { name, number, alias, schedule } = conference;
  return {
    name,
    number,
    alias,
    pin_hash: conference.pinHash ?? null,
    chair_pin_hash: conference.chairPinHash ?? null,
    schedule: schedule === undefined ? null : JSON.stringify(schedule),
    agenda: conference.agenda ?? null,
    layout: conference.layout,
    grid_size: conference.gridSize ?? null,
    mute_on_entry: conference.muteOnEntry ? 1 : 0,
    recording_wished: conference.recordingWished ? 1 : 0,
    group_id: conference.groupId ?? null,
    search: searchText(`${name} ${number} ${alias}`),
    sort_name: searchText(name),
  };
}
