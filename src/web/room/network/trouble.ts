/** What is wrong with the connection, as far as the page knows. */
export type Trouble =
  /** The browser says that this computer has no network. */
  | { readonly kind: 'offline' }
  /** The server answers, and picture or sound do not get through. */
  | { readonly kind: 'media' }
  /** The connection stands, and the server does not answer. */
  | { readonly kind: 'silent' }
  /** The connection is lost; we are joining again. */
  | { readonly kind: 'joining' }
  /** We try again at this time of `Date.now()`. */
  | { readonly kind: 'waiting'; readonly cause: LossCause; readonly retryAtMs: number };

/** `unreachable`: the server does not answer at all. `refused`: it does, and cannot let us in now. */
export type LossCause = 'unreachable' | 'refused';

export interface ConnectionFacts {
  readonly isOnline: boolean;
  /** A connection stands. */
  readonly isConnected: boolean;
  readonly isSilent: boolean;
  /** Media connections that are in trouble. */
  readonly troubledMedia: number;
  readonly retry: { readonly cause: LossCause; readonly atMs: number } | undefined;
}

/** What the person is told: the cause that explains the others. */
export function troubleOf(facts: ConnectionFacts): Trouble | undefined {
  const { isOnline, isConnected, isSilent, troubledMedia, retry } = facts;
  if (!isOnline) return { kind: 'offline' };
  if (retry) return { kind: 'waiting', cause: retry.cause, retryAtMs: retry.atMs };
  if (!isConnected) return { kind: 'joining' };
  if (isSilent) return { kind: 'silent' };
  return troubledMedia > 0 ? { kind: 'media' } : undefined;
}
