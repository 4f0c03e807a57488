import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** Somebody the organisation knows, and what it says of them. */
export type Claims = Readonly<Record<string, unknown>>;

/** A real OpenID provider on loopback, where `who` is signed in without being asked. */
export interface Organisation {
  readonly issuer: string;
  /** Claims by subject. */
  readonly people: Map<string, Claims>;
  who: string;
  /** Begins to answer, once it is known where people come back to. */
  serve(redirectUrl: string): void;
  close(): Promise<void>;
}

export const CLIENT = { clientId: 'diemcau', clientSecret: 'a-secret-of-the-client' };

export async function startOrganisation(): Promise<Organisation> {
  let provider: Provider | undefined;
  const people = new Map<string, Claims>();
  const server = createServer(async (req, res) => {
    if (!provider) return void res.writeHead(503).end();
    if (!req.url?.startsWith('/interaction/')) return provider.callback()(req, res);
    return provider.interactionFinished(req, res, { login: { accountId: organisation.who } });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const organisation: Organisation = {
    issuer,
    people,
    who: '',
    serve: redirectUrl => {
      provider = providerOf(issuer, redirectUrl, people);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return organisation;
}

function providerOf(issuer: string, redirectUrl: string, people: Map<string, Claims>): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [redirectUrl],
      },
    ],
    cookies: { keys: ['a-key-for-tests'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'access'] },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, sub: string) => ({
      accountId: sub,
      claims: async () => ({ sub, ...people.get(sub) }),
    }),
    loadExistingGrant: async (ctx: GrantContext) => {
      const { client, session, provider } = ctx.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
}

interface GrantContext {
  readonly oidc: {
    readonly client: { readonly clientId: string };
    readonly session: { readonly accountId: string };
    readonly provider: {
      readonly Grant: new (
        of: Readonly<Record<string, string>>,
      ) => { addOIDCScope(scope: string): void; save(): Promise<string> };
    };
  };
}
