import type { UserInput, UserPatch, UserView } from '../../../contract/people.ts';
import type { Role } from '../../../contract/permissions.ts';

/** An account as it is typed. */
export interface UserForm {
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  /** Empty leaves the one that is set. */
  readonly password: string;
  readonly groupIds: readonly string[];
  readonly disabled: boolean;
}

export const emptyUser: UserForm = {
  login: '',
  name: '',
  role: 'operator',
  password: '',
  groupIds: [],
  disabled: false,
};

export function userFormOf({ login, name, role, groupIds, disabled }: UserView): UserForm {
  return { login, name, role, groupIds, disabled, password: '' };
}

export function userInputOf({ login, name, role, password, groupIds }: UserForm): UserInput {
  const given = { login: login.trim(), name: name.trim(), role, groupIds: [...groupIds] };
  return { ...given, ...(password && { password }) };
}

export function userPatchOf(
  form: UserForm,
  changed: readonly (keyof UserForm)[],
  version: number,
): UserPatch {
  const patch = changed.filter(key => key !== 'login').map(key => [key, form[key]]);
  return { version, ...Object.fromEntries(patch) };
}
