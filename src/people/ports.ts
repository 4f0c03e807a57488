import type { Role } from '../contract/permissions.ts';
import type { Noted } from '../domain/actor.ts';
import type { UserId } from '../domain/ids.ts';
import type { ApiToken, Identity, SecondFactor, Session, User } from '../domain/user.ts';

/** What of an account may be changed; undefined leaves it, null takes it away. */
export interface UserChange {
  readonly name?: string | undefined;
  readonly role?: User['role'] | undefined;
  readonly groupIds?: readonly string[] | undefined;
  readonly passwordHash?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly secondFactor?:
    | (SecondFactor & { readonly recoveryHashes: readonly string[] })
    | null
    | undefined;
}

/** What a change takes with it. */
export interface UserChangeOptions {
  readonly noted?: Noted;
  /** The version that was seen; @throws GatewayError `version-conflict` when it is another now. */
  readonly version?: number;
  readonly endsSessions?: 'all' | { readonly except: string };
  readonly endsTokens?: boolean;
}

export interface UserQuery {
  readonly q?: string | undefined;
  readonly sort: string;
  readonly limit: number;
  readonly offset: number;
}

/** Accounts. Throws `GatewayError` `store-unavailable`, `conflict`. */
export interface UserStore {
  hasAdministrator(): Promise<boolean>;
  /** Those of these that are no group of sites. */
  unknownGroups(ids: readonly string[]): Promise<readonly string[]>;
  getUser(id: UserId): Promise<User | undefined>;
  findUserByLogin(login: string): Promise<User | undefined>;
  findUserByIdentity(identity: Identity): Promise<User | undefined>;
  listUsers(query: UserQuery): Promise<{ items: readonly User[]; total: number }>;
  /**
   * @param options.first only while there is no administrator
   * @throws GatewayError `conflict` when the login is taken, or there is an administrator
   */
  insertUser(user: User, noted: Noted, options?: { readonly first?: boolean }): Promise<void>;
  /**
   * Gives the account as it is then; undefined when there is none.
   *
   * @throws GatewayError `conflict` when nobody would be left who may do everything
   */
  changeUser(id: UserId, change: UserChange, options: UserChangeOptions): Promise<User | undefined>;
  /** False when there was none. @throws GatewayError `conflict` for the last administrator */
  deleteUser(id: UserId, noted: Noted): Promise<boolean>;
  /** Takes a time step, once; false when it or a later one was taken before. */
  takeStep(id: UserId, step: number): Promise<boolean>;
  /** Takes a recovery code, once; false when it is none or was taken before. */
  takeRecoveryCode(id: UserId, hash: string): Promise<boolean>;
}

/** Who is signed in. Throws `GatewayError` `store-unavailable`. */
export interface SessionStore {
  insertSession(session: Session, noted: Noted): Promise<void>;
  findSession(idHash: string): Promise<{ session: Session; user: User } | undefined>;
  touchSession(idHash: string, seenAtMs: number): Promise<void>;
  /** @param noted undefined when it ended by itself */
  deleteSession(idHash: string, noted?: Noted): Promise<void>;
  deleteSessionsBefore(bounds: { seenAtMs: number; expiresAtMs: number }): Promise<void>;
}

/** Tokens of programs. Throws `GatewayError` `store-unavailable`. */
export interface TokenStore {
  insertToken(token: ApiToken, noted: Noted): Promise<void>;
  /** The latest first. */
  listTokens(userId: UserId): Promise<readonly ApiToken[]>;
  findToken(hash: string): Promise<{ token: ApiToken; user: User } | undefined>;
  touchToken(id: string, lastUsedAtMs: number): Promise<void>;
  /** False when the account has no such token. */
  deleteToken(userId: UserId, id: string, noted: Noted): Promise<boolean>;
}

export interface AuditQuery {
  readonly q?: string | undefined;
  readonly sort: 'atMs' | '-atMs';
  readonly limit: number;
  readonly offset: number;
  readonly entity?: string | undefined;
  readonly entityId?: string | undefined;
  readonly actorId?: string | undefined;
  readonly action?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

export interface AuditEntry extends Noted {
  readonly id: string;
  readonly atMs: number;
}

/** The audit log; entries of changes are written with the change itself. */
export interface AuditStore {
  /** What changed nothing and is to be known all the same, like a sign-in that was refused. */
  note(noted: Noted): Promise<void>;
  listAudit(query: AuditQuery): Promise<{ items: readonly AuditEntry[]; total: number }>;
}

export type PeopleStore = UserStore & SessionStore & TokenStore & AuditStore;

/** Somebody the organisation's own sign-in vouches for. */
export interface OrganisationPerson {
  readonly identity: Identity;
  readonly login?: string;
  readonly name?: string;
  /** What its claims stand for here. */
  readonly roles: readonly Role[];
  /** Undefined where the provider does not say. */
  readonly groupIds?: readonly string[];
}

/** What has to fit when the browser comes back. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The organisation's own sign-in. Throws `GatewayError` `organisation-sign-in-failed`. */
export interface OrganisationProvider {
  /** What its button says. */
  readonly name: string;
  begin(): Promise<{ url: string; pending: PendingSignIn }>;
  finish(search: string, pending: PendingSignIn): Promise<OrganisationPerson>;
}
