import type { Principal } from './actor.ts';
import type { SiteGroupId } from './ids.ts';
import { wrongField } from './wrong-field.ts';

/**
 * The group something is put into: the wanted one, or the only one somebody is limited to.
 *
 * @throws GatewayError `bad-request` when it would be out of sight
 */
export function groupFor(
  { groupIds }: Pick<Principal, 'groupIds'>,
  wanted: string | undefined,
): SiteGroupId | undefined {
  const [only, ...others] = groupIds ?? [];
  const groupId = wanted ?? (others.length === 0 ? only : undefined);
  if (groupIds && (groupId === undefined || !groupIds.has(groupId)))
    throw wrongField('groupId', 'Give one of the groups that you may change.');
  return groupId as SiteGroupId | undefined;
}
