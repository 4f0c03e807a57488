/** The organisation's own sign-in: an OpenID provider, by way of `openid-client`. */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { OidcSettings } from '../config/index.ts';
import { GatewayError } from '../domain/errors.ts';
import type { OrganisationPerson, OrganisationProvider } from '../people/ports.ts';

export interface OidcOptions {
  readonly settings: OidcSettings;
  /** Where the provider sends people back to. */
  readonly redirectUrl: () => string;
}

const TIMEOUT_SEC = 10;

/** The provider is asked for the first time when somebody signs in: it need not run before us. */
export function openIdProvider({ settings, redirectUrl }: OidcOptions): OrganisationProvider {
  let found: Promise<Configuration> | undefined;
  const configuration = () => {
    found ??= discover(settings).catch(err => {
      found = undefined;
      throw err;
    });
    return found;
  };
  return {
    name: settings.name,
    begin: () =>
      asked(async () => {
        const config = await configuration();
        const verifier = randomPKCECodeVerifier();
        const pending = { verifier, state: randomState(), nonce: randomNonce() };
        const url = buildAuthorizationUrl(config, {
          redirect_uri: redirectUrl(),
          scope: settings.scope,
          code_challenge: await calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          state: pending.state,
          nonce: pending.nonce,
        });
        return { url: url.href, pending };
      }),
    finish: (search, { verifier, state, nonce }) =>
      asked(async () => {
        const config = await configuration();
        const callback = new URL(redirectUrl());
        callback.search = search;
        const tokens = await authorizationCodeGrant(config, callback, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (!claims) throw new Error('the provider gave no ID token');
        const more = config.serverMetadata().userinfo_endpoint
          ? await fetchUserInfo(config, tokens.access_token, claims.sub)
          : {};
        return personOf({ ...more, ...claims }, settings);
      }),
  };
}

async function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<Configuration> {
  const url = new URL(issuer);
  // The settings let http through for a provider on this machine only.
  const execute = url.protocol === 'http:' ? [allowInsecureRequests] : [];
  const options = { execute, timeout: TIMEOUT_SEC };
  return discovery(url, clientId, clientSecret, undefined, options);
}

async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const message =
      'The organisation’s sign-in did not go through. Try once more; the log says what the provider answered.';
    throw new GatewayError('organisation-sign-in-failed', message, { cause });
  }
}

type Claims = Readonly<Record<string, unknown>> & { readonly iss: string; readonly sub: string };

function personOf(claims: Claims, settings: OidcSettings): OrganisationPerson {
  const { roleClaim, roles, groupClaim, groups } = settings;
  const given = valuesAt(claims, roleClaim);
  const login = [claims.preferred_username, claims.email].find(isText);
  return {
    identity: { issuer: claims.iss, subject: claims.sub },
    ...(login !== undefined && { login }),
    ...(isText(claims.name) && { name: claims.name }),
    roles: Object.keys(roles).flatMap(value => (given.includes(value) ? (roles[value] ?? []) : [])),
    ...(groupClaim !== undefined && {
      groupIds: valuesAt(claims, groupClaim).flatMap(value =>
        Object.hasOwn(groups, value) ? (groups[value] ?? []) : [],
      ),
    }),
  };
}

/** A claim's values; dots go into what is nested. */
function valuesAt(claims: Claims, path: string): string[] {
  let found: unknown = claims;
  for (const key of Object.hasOwn(claims, path) ? [path] : path.split('.'))
    found = typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined;
  return [found].flat().filter(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
