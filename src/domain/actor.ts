import type { Permission } from '../contract/permissions.ts';

/** Who does something, as the audit log keeps it. */
export interface Actor {
  /** `system`: the program by itself, like a meeting that starts on time. */
  readonly kind: 'user' | 'token' | 'admin-token' | 'system';
  /** Of the account; undefined for the admin token and the system. */
  readonly userId?: string;
  readonly name: string;
  /** Where the request came from. */
  readonly address?: string;
}

/** Somebody who asks the API: what may be done, and to which groups of sites it is limited. */
export interface Principal {
  readonly actor: Actor;
  readonly permissions: ReadonlySet<Permission>;
  /** Undefined: everything. */
  readonly groupIds?: ReadonlySet<string>;
}

export const SYSTEM: Actor = { kind: 'system', name: 'diemcau' };

/** Whether a thing of this group, or of none, is within what somebody is limited to. */
export function seesGroup({ groupIds }: Principal, groupId: string | undefined): boolean {
  return groupIds === undefined || (groupId !== undefined && groupIds.has(groupId));
}
