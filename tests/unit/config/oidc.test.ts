import { describe, expect, it } from 'vitest';
import { Oidc, oidcRedirectUrl } from '../../../src/config/oidc.ts';

describe('the settings of the organisation’s sign-in', () => {
  it.each(['http://sso.example.vn', 'ftp://127.0.0.1/x', 'not a URL'])(
    '%s is no issuer',
    issuer => {
      expect(Oidc.safeParse({ issuer, clientId: 'x' }).success).toBe(false);
    },
  );

  it('a role that is none is refused by name', () => {
    const parsed = Oidc.safeParse({ issuer: 'https://x.vn', clientId: 'x', roles: 'a=boss' });
    expect(parsed.success).toBe(false);
  });

  it('people come back over https to where they find us, unless told otherwise', () => {
    const plain = Oidc.parse({ issuer: 'https://x.vn', clientId: 'x' });
    const here = { publicHost: '192.0.2.1', http: { port: 8080, httpsPort: 8443 } };
    const url = 'https://192.0.2.1:8443/api/v1/oidc/callback';
    expect(oidcRedirectUrl(here, plain)).toBe(url);
    const redirectUrl = 'https://hop.example.vn/api/v1/oidc/callback';
    expect(oidcRedirectUrl(here, { ...plain, redirectUrl })).toBe(redirectUrl);
  });
});
