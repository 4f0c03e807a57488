import type { Conference, ConferenceMember } from '../domain/conference.ts';
import type { ConferenceId, SiteId } from '../domain/ids.ts';
import type { MappingChange } from './ports.ts';

/** The site that leads, if one does. */
export function leadingSite({ members }: Pick<Conference, 'members'>): SiteId | undefined {
  return members.find(({ role }) => role === 'hq')?.siteId;
}

/** Whether a conference is for a site. */
export function isForSite({ members }: Pick<Conference, 'members'>, id: SiteId): boolean {
  return members.some(({ siteId }) => siteId === id);
}

/**
 * The members with this site in the lead, or nobody: who led before stays as a usual site, and
 * who was no member becomes one.
 */
export function ledBy(
  members: readonly ConferenceMember[],
  siteId: SiteId | undefined,
): readonly ConferenceMember[] {
  const others = members.map(member => {
    if (member.siteId === siteId) return { ...member, role: 'hq' as const };
    return member.role === 'hq' ? { ...member, role: 'site' as const } : member;
  });
  const isMember = siteId === undefined || isForSite({ members }, siteId);
  return isMember ? others : [{ siteId, role: 'hq', dial: 'out' }, ...others];
}

/** The members of a conference after a change of the mapping; one that is there already stays in its place. */
export function withMapping(
  members: readonly ConferenceMember[],
  id: ConferenceId,
  { add, remove }: MappingChange,
): readonly ConferenceMember[] {
  const leaving = new Set(
    remove.filter(({ conferenceId }) => conferenceId === id).map(({ siteId }) => siteId),
  );
  const kept = members.filter(({ siteId }) => !leaving.has(siteId));
  return add
    .filter(({ conferenceId }) => conferenceId === id)
    .reduce<readonly ConferenceMember[]>((list, added) => withMember(list, added), kept);
}

function withMember(
  members: readonly ConferenceMember[],
  { siteId, role, dial }: ConferenceMember,
): readonly ConferenceMember[] {
  const list = role === 'hq' ? ledBy(members, undefined) : members;
  const member = { siteId, role, dial };
  return isForSite({ members: list }, siteId)
    ? list.map(one => (one.siteId === siteId ? member : one))
    : [...list, member];
}
