import type { TokenView, UserView } from '../contract/people.ts';
import type { Permission } from '../contract/permissions.ts';
import type { ApiToken, User } from '../domain/user.ts';

/** An account as it is told: nothing of what it proves itself by. */
export function userView(user: User): UserView {
  const { id, version, login, name, role, groupIds, disabled, createdAtMs, lastSignInAtMs } = user;
  return {
    id,
    version,
    login,
    name,
    role,
    groupIds: [...groupIds],
    hasPassword: user.passwordHash !== undefined,
    secondFactor: user.secondFactor !== undefined,
    disabled,
    createdAtMs,
    ...(lastSignInAtMs !== undefined && { lastSignInAtMs }),
  };
}

/** What of an account stands in the audit log. */
export function userFacts(user: User): Record<string, unknown> {
  const { login, name, role, groupIds, disabled, hasPassword, secondFactor } = userView(user);
  return { login, name, role, groupIds, disabled, hasPassword, secondFactor };
}

export function tokenView(token: ApiToken): TokenView {
  const { id, name, hint, scopes, expiresAtMs, createdAtMs, lastUsedAtMs } = token;
  return {
    id,
    name,
    hint,
    scopes: scopes as Permission[],
    expiresAtMs,
    createdAtMs,
    ...(lastUsedAtMs !== undefined && { lastUsedAtMs }),
  };
}
