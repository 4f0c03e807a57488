import { EVERYWHERE, Permission, ROLE_PERMISSIONS } from '../contract/permissions.ts';
import type { Principal } from '../domain/actor.ts';
import type { ApiToken, Session, User } from '../domain/user.ts';

/** Who holds the program's own token: everything may be done, by nobody in particular. */
export function adminTokenPrincipal(address: string): Principal {
  const actor = { kind: 'admin-token', name: 'admin token', address } as const;
  return { actor, permissions: new Set(Permission.options) };
}

export function sessionPrincipal(user: User, session: Session, address: string): Principal {
  const actor = { kind: 'user', userId: user.id, name: user.name, address } as const;
  return { actor, permissions: new Set(permissionsOf(user)), ...groupsOf(user), session };
}

/** A program in somebody's name: never more than that one may, today. */
export function tokenPrincipal(user: User, token: ApiToken, address: string): Principal {
  const name = `${user.name} (${token.name})`;
  const actor = { kind: 'token', userId: user.id, name, address } as const;
  const permissions = permissionsOf(user).filter(one => token.scopes.includes(one));
  return { actor, permissions: new Set(permissions), ...groupsOf(user) };
}

/** What the role may do; without what concerns everybody, when it is limited to groups. */
export function permissionsOf({ role, groupIds }: User): readonly Permission[] {
  const all = ROLE_PERMISSIONS[role];
  return groupIds.length > 0 ? all.filter(one => !EVERYWHERE.includes(one)) : all;
}

function groupsOf({ groupIds }: User): Pick<Principal, 'groupIds'> {
  return groupIds.length > 0 ? { groupIds: new Set(groupIds) } : {};
}
