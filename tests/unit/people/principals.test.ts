import { describe, expect, it } from 'vitest';
import {
  EVERYWHERE,
  Permission,
  ROLE_PERMISSIONS,
  Role,
} from '../../../src/contract/permissions.ts';
import type { UserId } from '../../../src/domain/ids.ts';
import type { ApiToken, User } from '../../../src/domain/user.ts';
import {
  adminTokenPrincipal,
  sessionPrincipal,
  tokenPrincipal,
} from '../../../src/people/principals.ts';

const user = (role: Role, groupIds: string[] = []): User => ({
  id: 'u1' as UserId,
  login: 'an',
  name: 'An',
  role,
  groupIds,
  disabled: false,
  version: 1,
  createdAtMs: 0,
});
const token = (...scopes: Permission[]): ApiToken => ({
  id: 't1',
  userId: 'u1' as UserId,
  name: 'Giám sát',
  hint: 'dc_abcd',
  hash: 'x',
  scopes,
  expiresAtMs: 1,
  createdAtMs: 0,
});
const session = {
  idHash: 'x',
  userId: 'u1' as UserId,
  createdAtMs: 0,
  seenAtMs: 0,
  expiresAtMs: 1,
};

describe('who asks', () => {
  it.each(Role.options)('as %s may do what the role may, everywhere', role => {
    const principal = sessionPrincipal(user(role), session, '192.0.2.1');
    expect([...principal.permissions]).toEqual(ROLE_PERMISSIONS[role]);
    expect(principal.groupIds).toBeUndefined();
  });

  it.each(Role.options)('as %s of a group may do nothing that concerns everybody', role => {
    const principal = sessionPrincipal(user(role, ['g1']), session, '192.0.2.1');
    expect([...principal.permissions].filter(one => EVERYWHERE.includes(one))).toEqual([]);
    expect(principal.permissions.has('sites.read')).toBe(true);
    expect(principal.groupIds).toEqual(new Set(['g1']));
  });

  it('by a token may do what both the token and its owner may, in the owner’s groups', () => {
    const scopes = token('sites.write', 'sites.read', 'meetings.run');
    const principal = tokenPrincipal(user('technician', ['g1']), scopes, '192.0.2.1');
    expect([...principal.permissions].sort()).toEqual(['sites.read', 'sites.write']);
    expect(principal.groupIds).toEqual(new Set(['g1']));
    expect(principal.actor).toMatchObject({ kind: 'token', userId: 'u1', name: 'An (Giám sát)' });
  });

  it('by the admin token may do everything, and is nobody', () => {
    const { permissions, actor, session: none } = adminTokenPrincipal('::1');
    expect([...permissions]).toEqual(Permission.options);
    expect([actor.userId, none]).toEqual([undefined, undefined]);
  });
});
