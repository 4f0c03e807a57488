import { ApiTokens } from './api-tokens.ts';
import { OrganisationSignIn } from './organisation-sign-in.ts';
import { type PasswordCosts, PasswordHasher } from './password.ts';
import type { OrganisationProvider, PeopleStore } from './ports.ts';
import { SecondFactors } from './second-factors.ts';
import { SecretBox } from './secret-box.ts';
import { Sessions } from './sessions.ts';
import { Setup } from './setup.ts';
import { SignIn } from './sign-in.ts';
import { UserDirectory } from './user-directory.ts';

export interface PeopleDeps {
  readonly store: PeopleStore;
  /** Of which the keys of this part are made. */
  readonly secret: string;
  readonly now: () => number;
  /** The organisation's own sign-in, where there is one. */
  readonly provider?: OrganisationProvider | undefined;
  /** Tests take less than people wait for. */
  readonly passwordCosts?: PasswordCosts;
}

/** Accounts, and everything they prove themselves by. */
export interface People {
  readonly store: PeopleStore;
  readonly sessions: Sessions;
  readonly tokens: ApiTokens;
  readonly secondFactors: SecondFactors;
  readonly signIn: SignIn;
  readonly setup: Setup;
  readonly users: UserDirectory;
  readonly organisation?: OrganisationSignIn;
}

export function openPeople(deps: PeopleDeps): People {
  const { store, secret, now, passwordCosts, provider } = deps;
  const hasher = new PasswordHasher(passwordCosts);
  const sessions = new Sessions({ store, now });
  const secondFactors = new SecondFactors({ store, box: new SecretBox(secret), now });
  return {
    store,
    sessions,
    secondFactors,
    tokens: new ApiTokens({ store, now }),
    signIn: new SignIn({ store, hasher, secondFactors, sessions, now }),
    setup: new Setup({ store, hasher, sessions, secret, now }),
    users: new UserDirectory({ store, hasher, now }),
    ...(provider && { organisation: new OrganisationSignIn({ provider, store, sessions, now }) }),
  };
}
