import type { Role } from '../contract/permissions.ts';
import type { UserId } from './ids.ts';

/** Somebody with an account. */
export interface User {
  readonly id: UserId;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  /** Groups of sites it is limited to; everything when empty. */
  readonly groupIds: readonly string[];
  /** As `PasswordHasher` makes it; undefined for who signs in elsewhere. */
  readonly passwordHash?: string;
  readonly secondFactor?: SecondFactor;
  /** Who it is at the organisation's own sign-in. */
  readonly identity?: Identity;
  readonly disabled: boolean;
  readonly version: number;
  readonly createdAtMs: number;
  readonly lastSignInAtMs?: number;
}

export interface SecondFactor {
  /** Sealed by `SecretBox`. */
  readonly sealedSecret: string;
  /** Time step of the last code that was taken: it and those before count no more. RFC 6238 §5.2. */
  readonly lastStep: number;
}

/** A person at an OpenID provider; OpenID Connect Core 1.0 §2: only both together are one person. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** A browser that is signed in. */
export interface Session {
  /** SHA-256 of what the cookie holds. */
  readonly idHash: string;
  readonly userId: UserId;
  readonly createdAtMs: number;
  readonly seenAtMs: number;
  readonly expiresAtMs: number;
}

/** What a program proves itself by, in somebody's name. */
export interface ApiToken {
  readonly id: string;
  readonly userId: UserId;
  readonly name: string;
  /** The first characters, to know it by. */
  readonly hint: string;
  readonly hash: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
  readonly createdAtMs: number;
  readonly lastUsedAtMs?: number;
}
