/** Accounts, sessions, tokens and the audit log over `/api/v1`. */
import { z } from 'zod';
import { operation } from './operation.ts';
import { IdParam, listQuery, pageOf, Version } from './paging.ts';
import { Permission, Role } from './permissions.ts';
import { Name } from './sites.ts';

const Login = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@-]{1,63}$/, '2 to 64 small letters, digits and . _ @ -');
/** Length is what counts; NIST SP 800-63B §3.1.1.2. */
const Password = z.string().min(12, 'at least 12 characters').max(128);
/** RFC 6238, or one of the codes for when the telephone is lost. */
const SecondFactor = z.string().trim().min(6).max(20);
const GroupIds = z.array(z.string().min(1).max(100)).max(100);

export const UserInput = z.strictObject({
  login: Login,
  name: Name,
  role: Role,
  /** Without one the account signs in by the organisation's sign-in only. */
  password: Password.optional(),
  /** Groups of sites it is limited to; everything when empty. */
  groupIds: GroupIds.default([]),
});
export type UserInput = z.infer<typeof UserInput>;

export const UserPatch = z.strictObject({
  version: Version,
  name: Name.optional(),
  role: Role.optional(),
  /** Ends the account's sessions. */
  password: Password.optional(),
  groupIds: GroupIds.optional(),
  /** Ends the account's sessions and tokens; nobody takes this from the last administrator. */
  disabled: z.boolean().optional(),
  /** Takes the second factor away from somebody who lost it. */
  secondFactor: z.literal(false).optional(),
});
export type UserPatch = z.infer<typeof UserPatch>;

export const UserView = UserInput.omit({ password: true }).extend({
  id: z.string(),
  version: Version,
  hasPassword: z.boolean(),
  secondFactor: z.boolean(),
  disabled: z.boolean(),
  createdAtMs: z.number(),
  lastSignInAtMs: z.number().optional(),
});
export type UserView = z.infer<typeof UserView>;

/** Who is signed in, and what the pages need to know before anybody is. */
export const SessionView = z.object({
  user: UserView.pick({ id: true, login: true, name: true, role: true, groupIds: true })
    .extend({ secondFactor: z.boolean() })
    .optional(),
  permissions: z.array(Permission),
  /** Goes with every change as `X-CSRF-Token`. */
  csrfToken: z.string().optional(),
  /** There is no administrator yet. */
  setupNeeded: z.boolean(),
  /** What the organisation's own sign-in is called, where there is one. */
  organisationSignIn: z.string().optional(),
  expiresAtMs: z.number().optional(),
});
export type SessionView = z.infer<typeof SessionView>;

export const SignInInput = z.strictObject({
  login: z.string().max(100),
  password: z.string().max(128),
  /** Asked for with `second-factor-required` where the account has one. */
  code: SecondFactor.optional(),
});

/** The first administrator; `setupCode` is what the program printed when it first started. */
export const SetupInput = z.strictObject({
  setupCode: z.string().min(1).max(200),
  login: Login,
  name: Name,
  password: Password,
});

export const TokenInput = z.strictObject({
  name: Name,
  /** What it may do, of what its owner may. */
  scopes: z.array(Permission).min(1).max(Permission.options.length),
  expiresAtMs: z.number().int(),
});
export const TokenView = TokenInput.extend({
  id: z.string(),
  /** The first characters, to know it by. */
  hint: z.string(),
  createdAtMs: z.number(),
  lastUsedAtMs: z.number().optional(),
});
export type TokenView = z.infer<typeof TokenView>;

/** A change, as it stands in the log for ever. Secrets are not in it. */
export const AuditEntryView = z.object({
  id: z.string(),
  atMs: z.number(),
  actor: z.object({
    kind: z.enum(['user', 'token', 'admin-token', 'chair', 'system']),
    id: z.string().optional(),
    name: z.string(),
    address: z.string().optional(),
  }),
  /** `created`, `changed`, `deleted`, or what was done: `signed-in`, `meeting-started`, … */
  action: z.string(),
  entity: z.string(),
  entityId: z.string().optional(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export type AuditEntryView = z.infer<typeof AuditEntryView>;

const people = { tag: 'people' } as const;

export const peopleOperations = {
  getSession: operation({
    ...people,
    id: 'getSession',
    method: 'get',
    path: '/session',
    summary: 'Who is signed in',
    access: 'open',
    answer: SessionView,
  }),
  signIn: operation({
    ...people,
    id: 'signIn',
    method: 'post',
    path: '/session',
    summary: 'Signs in and sets the session’s cookie',
    access: 'open',
    body: SignInInput,
    answer: SessionView,
    errors: ['sign-in-refused', 'second-factor-required', 'rate-limited'],
  }),
  signOut: operation({
    ...people,
    id: 'signOut',
    method: 'delete',
    path: '/session',
    summary: 'Signs out',
    access: 'signed-in',
    status: 204,
  }),
  setUp: operation({
    ...people,
    id: 'setUp',
    method: 'post',
    path: '/setup',
    summary: 'Makes the first administrator and signs in',
    access: 'open',
    body: SetupInput,
    status: 201,
    answer: SessionView,
    errors: ['not-authorized', 'conflict', 'rate-limited'],
  }),
  changeOwnPassword: operation({
    ...people,
    id: 'changeOwnPassword',
    method: 'put',
    path: '/me/password',
    summary: 'Changes one’s own password; other sessions end',
    access: 'signed-in',
    body: z.strictObject({ current: z.string().max(128), password: Password }),
    status: 204,
    errors: ['sign-in-refused'],
  }),
  beginSecondFactor: operation({
    ...people,
    id: 'beginSecondFactor',
    method: 'post',
    path: '/me/second-factor',
    summary: 'A new secret for an authenticator; it counts once it is confirmed',
    access: 'signed-in',
    body: z.strictObject({ password: z.string().max(128) }),
    answer: z.object({ uri: z.string(), secret: z.string(), qrSvg: z.string() }),
    errors: ['sign-in-refused'],
  }),
  confirmSecondFactor: operation({
    ...people,
    id: 'confirmSecondFactor',
    method: 'put',
    path: '/me/second-factor',
    summary: 'Confirms it with a code; gives codes for when the telephone is lost',
    access: 'signed-in',
    body: z.strictObject({ code: SecondFactor }),
    answer: z.object({ recoveryCodes: z.array(z.string()) }),
    errors: ['second-factor-required', 'conflict'],
  }),
  removeSecondFactor: operation({
    ...people,
    id: 'removeSecondFactor',
    method: 'delete',
    path: '/me/second-factor',
    summary: 'Takes one’s own second factor away',
    access: 'signed-in',
    body: z.strictObject({ password: z.string().max(128) }),
    status: 204,
    errors: ['sign-in-refused'],
  }),
  listTokens: operation({
    ...people,
    id: 'listTokens',
    method: 'get',
    path: '/me/tokens',
    summary: 'One’s own API tokens',
    access: 'signed-in',
    answer: z.array(TokenView),
  }),
  createToken: operation({
    ...people,
    id: 'createToken',
    method: 'post',
    path: '/me/tokens',
    summary: 'A new API token; it is shown this once',
    access: 'signed-in',
    body: TokenInput,
    status: 201,
    answer: TokenView.extend({ token: z.string() }),
  }),
  revokeToken: operation({
    ...people,
    id: 'revokeToken',
    method: 'delete',
    path: '/me/tokens/:id',
    summary: 'Takes a token back',
    access: 'signed-in',
    params: IdParam,
    status: 204,
  }),
  listUsers: operation({
    ...people,
    id: 'listUsers',
    method: 'get',
    path: '/users',
    summary: 'Accounts',
    access: 'people.read',
    query: listQuery(['name', 'login', 'role', 'lastSignInAtMs']),
    answer: pageOf(UserView),
  }),
  createUser: operation({
    ...people,
    id: 'createUser',
    method: 'post',
    path: '/users',
    summary: 'A new account',
    access: 'people.write',
    body: UserInput,
    status: 201,
    answer: UserView,
    errors: ['conflict'],
  }),
  getUser: operation({
    ...people,
    id: 'getUser',
    method: 'get',
    path: '/users/:id',
    summary: 'One account',
    access: 'people.read',
    params: IdParam,
    answer: UserView,
  }),
  updateUser: operation({
    ...people,
    id: 'updateUser',
    method: 'patch',
    path: '/users/:id',
    summary: 'Changes what is given of an account',
    access: 'people.write',
    params: IdParam,
    body: UserPatch,
    answer: UserView,
    errors: ['conflict', 'version-conflict'],
  }),
  deleteUser: operation({
    ...people,
    id: 'deleteUser',
    method: 'delete',
    path: '/users/:id',
    summary: 'Takes an account away; what it did stays in the audit log',
    access: 'people.write',
    params: IdParam,
    status: 204,
    errors: ['conflict'],
  }),
  listAudit: operation({
    ...people,
    id: 'listAudit',
    method: 'get',
    path: '/audit',
    summary: 'Who changed what, the latest first',
    access: 'audit.read',
    query: listQuery(['atMs'], '-atMs').extend({
      entity: z.string().max(50).optional(),
      entityId: z.string().max(100).optional(),
      actorId: z.string().max(100).optional(),
      action: z.string().max(50).optional(),
      fromMs: z.coerce.number().int().min(0).optional(),
      toMs: z.coerce.number().int().min(0).optional(),
    }),
    answer: pageOf(AuditEntryView),
  }),
} as const;
