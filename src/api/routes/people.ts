import type { Request, Response } from 'express';
import { renderSVG } from 'uqr';
import type { SessionView } from '../../contract/people.ts';
import { peopleOperations as operations } from '../../contract/people.ts';
import type { Principal } from '../../domain/actor.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { User } from '../../domain/user.ts';
import type { People } from '../../people/people.ts';
import { sessionPrincipal } from '../../people/principals.ts';
import { csrfTokenOf } from '../../people/random-words.ts';
import { type BegunSession, endOf } from '../../people/sessions.ts';
import { userView } from '../../people/views.ts';
import { addressOf, isThisMachine } from '../auth.ts';
import { found } from '../errors.ts';
import type { OperationRoutes } from '../operations.ts';
import {
  clearSessionCookie,
  isEncrypted,
  sessionSecretOf,
  setSessionCookie,
} from '../session-cookie.ts';

/** Signing in and out, and what everybody does with the own account. */
export function ownAccountRoutes(routes: OperationRoutes, people: People): void {
  const { organisation, sessions, secondFactors, signIn, setup, tokens, users } = people;

  const view = async (by?: Principal, secret?: string): Promise<SessionView> => {
    const user = by?.session && (await people.store.getUser(by.session.userId));
    return {
      ...(user && { user: ownView(user) }),
      permissions: [...(by?.permissions ?? [])],
      ...(by?.session && secret && { csrfToken: csrfTokenOf(secret) }),
      setupNeeded: await setup.isNeeded(),
      ...(organisation && { organisationSignIn: organisation.name }),
      ...(by?.session && { expiresAtMs: endOf(by.session) }),
    };
  };
  const begun = (req: Request, res: Response, { secret, session, user }: BegunSession) => {
    setSessionCookie(req, res, secret);
    return view(sessionPrincipal(user, session, addressOf(req)), secret);
  };
  /** The account itself, in a browser: a token cannot give itself more than it has. */
  const own = async ({ session }: Principal) => {
    const user = session && (await people.store.getUser(session.userId));
    if (session && user) return { session, user };
    const message = 'Only who is signed in may do this. Open /admin and sign in.';
    throw new GatewayError('not-authorized', message);
  };

  routes.serve(operations.getSession, ({ by, req }) => view(by, sessionSecretOf(req)));
  routes.serve(operations.signIn, async ({ body, req, res }) => {
    requireEncryption(req);
    const former = sessionSecretOf(req);
    const attempt = { ...body, address: addressOf(req), former };
    return begun(req, res, await signIn.signIn(attempt));
  });
  routes.serve(operations.signOut, async ({ by, req, res }) => {
    const { session } = await own(by);
    await sessions.end(session, by.actor);
    clearSessionCookie(req, res);
    return undefined;
  });
  routes.serve(operations.setUp, async ({ body, req, res }) => {
    requireEncryption(req);
    const session = await setup.setUp(body, addressOf(req), sessionSecretOf(req));
    return begun(req, res, session);
  });
  routes.serve(operations.changeOwnPassword, async ({ body, by }) => {
    const { user, session } = await own(by);
    await signIn.confirmPassword(user, body.current, by.actor);
    await users.changeOwnPassword(user, body.password, by.actor, session.idHash);
    return undefined;
  });

  routes.serve(operations.beginSecondFactor, async ({ body, by }) => {
    const { user } = await own(by);
    await signIn.confirmPassword(user, body.password, by.actor);
    const { uri, secret } = secondFactors.begin(user);
    return { uri, secret, qrSvg: renderSVG(uri, { border: 2 }) };
  });
  routes.serve(operations.confirmSecondFactor, async ({ body, by }) => {
    const { user, session } = await own(by);
    const { idHash } = session;
    return { recoveryCodes: await secondFactors.confirm(user, body.code, by.actor, idHash) };
  });
  routes.serve(operations.removeSecondFactor, async ({ body, by }) => {
    const { user } = await own(by);
    await signIn.confirmPassword(user, body.password, by.actor);
    await secondFactors.remove(user, by.actor);
    return undefined;
  });

  routes.serve(operations.listTokens, async ({ by }) => tokens.list((await own(by)).user));
  routes.serve(operations.createToken, async ({ body, by }) =>
    tokens.create((await own(by)).user, body, by.actor),
  );
  routes.serve(operations.revokeToken, async ({ params, by }) => {
    const { user } = await own(by);
    found(await tokens.revoke(user, params.id, by.actor), 'token');
    return undefined;
  });
}

/** Other people's accounts, and what was done by whom. */
export function peopleRoutes(routes: OperationRoutes, { users, store }: People): void {
  routes.serve(operations.listUsers, ({ query }) => users.list(query));
  routes.serve(operations.createUser, ({ body, by }) => users.create(body, by.actor));
  routes.serve(operations.getUser, ({ params }) => users.get(params.id));
  routes.serve(operations.updateUser, ({ params, body, by }) =>
    users.update(params.id, body, by.actor),
  );
  routes.serve(operations.deleteUser, async ({ params, by }) => {
    found(await users.delete(params.id, by.actor), 'account');
    return undefined;
  });
  routes.serve(operations.listAudit, async ({ query }) => {
    const { items, total } = await store.listAudit(query);
    const entries = items.map(({ by: { userId, ...actor }, ...entry }) => ({
      ...entry,
      actor: { ...actor, ...(userId !== undefined && { id: userId }) },
    }));
    return { items: entries, total };
  });
}

function ownView(user: User): NonNullable<SessionView['user']> {
  const { id, login, name, role, groupIds, secondFactor } = userView(user);
  return { id, login, name, role, groupIds, secondFactor };
}

/** A password that everybody on the way can read is none; on the machine itself nobody is on the way. */
function requireEncryption(req: Request): void {
  if (isEncrypted(req) || isThisMachine(addressOf(req))) return;
  const message = 'Sign in over https: open the same page with https:// in front.';
  throw new GatewayError('not-authorized', message);
}
