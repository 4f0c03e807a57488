import { z } from 'zod';
import { Role } from '../contract/permissions.ts';
import type { Settings } from './schema.ts';

/** Pairs in the file; `one=administrator, two=operator` in the environment. */
function pairs<Value extends z.ZodType>(value: Value) {
  const Pairs = z.record(z.string().min(1), value);
  return z.union([
    Pairs,
    z
      .string()
      .transform(text =>
        Object.fromEntries(
          text
            .split(',')
            .map(pair => pair.split('=').map(part => part.trim()))
            .filter(([key]) => key),
        ),
      )
      .pipe(Pairs),
  ]);
}

/** The organisation's own sign-in, an OpenID provider. */
export const Oidc = z.strictObject({
  /** As the provider calls itself; what is below it at `/.well-known/openid-configuration` says the rest. */
  issuer: z.string().refine(isSafe, 'must be an https address, or http on this machine'),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  /** What the button says. */
  name: z.string().min(1).max(60).default('SSO'),
  scope: z
    .string()
    .regex(/\bopenid\b/, 'must contain openid')
    .default('openid profile email'),
  /** The claim that says what somebody may do; dots go into what is nested. */
  roleClaim: z.string().min(1).default('roles'),
  /** Which of its values is which role; who has none is refused. */
  roles: pairs(Role).default({}),
  /** The claim that limits somebody to groups of sites, and which of its values is which group's id. */
  groupClaim: z.string().min(1).optional(),
  groups: pairs(z.string().min(1)).default({}),
  /** Where people come back to, when others than we make the address. */
  redirectUrl: z.url().optional(),
});
export type OidcSettings = z.output<typeof Oidc>;

/** What the provider has to allow people to come back to. */
export function oidcRedirectUrl(
  { publicHost, http }: Pick<Settings, 'publicHost' | 'http'>,
  { redirectUrl }: OidcSettings,
): string {
  return redirectUrl ?? `https://${publicHost}:${http.httpsPort}/api/v1/oidc/callback`;
}

function isSafe(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'https:' || (protocol === 'http:' && OWN_HOSTS.includes(hostname));
}

const OWN_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];
