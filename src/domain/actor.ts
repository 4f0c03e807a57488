import type { Permission } from '../contract/permissions.ts';
import type { Session } from './user.ts';

/** Who does something, as the audit log keeps it. */
export interface Actor {
  /**
   * `chair`: who leads a meeting by its PIN, under the name given at the door; `system`: the
   * program by itself, like a meeting that starts on time.
   */
  readonly kind: 'user' | 'token' | 'admin-token' | 'chair' | 'system';
  /** Of the account; undefined for the admin token and the system. */
  readonly userId?: string;
  readonly name: string;
  /** Where the request came from. */
  readonly address?: string;
}

/** A change as it goes into the audit log. */
export interface Change {
  /** `created`, `changed`, `deleted`, or what was done. */
  readonly action: string;
  readonly entity: string;
  readonly entityId?: string;
  /** Only what differs, without secrets. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A change and who made it: what the store notes in the transaction that makes it. */
export interface Noted extends Change {
  readonly by: Actor;
}

/** Somebody who asks the API: what may be done, and to which groups of sites it is limited. */
export interface Principal {
  readonly actor: Actor;
  readonly permissions: ReadonlySet<Permission>;
  /** Undefined: everything. */
  readonly groupIds?: ReadonlySet<string>;
  /** Of a browser that is signed in; programs have none. */
  readonly session?: Session;
}

export const SYSTEM: Actor = { kind: 'system', name: 'diemcau' };

/** Whether a thing of this group, or of none, is within what somebody is limited to. */
export function seesGroup({ groupIds }: Principal, groupId: string | undefined): boolean {
  return groupIds === undefined || (groupId !== undefined && groupIds.has(groupId));
}
