import { type Request, type Response, Router } from 'express';
import type { Logger } from 'pino';
import { toGatewayError } from '../../domain/errors.ts';
import { type OrganisationSignIn, PENDING_MS } from '../../people/organisation-sign-in.ts';
import { addressOf } from '../auth.ts';
import { rateLimit } from '../rate-limit.ts';
import { cookieOf, isEncrypted, sessionSecretOf, setSessionCookie } from '../session-cookie.ts';

const START_LIMIT = { burst: 30, perSec: 1 };
const PAGE = '/admin';

/** The way to the organisation's own sign-in and back; a browser walks it, so it ends at the pages. */
export function oidcRoutes(organisation: OrganisationSignIn, log: Logger): Router {
  const router = Router();
  router.get('/oidc/start', rateLimit(START_LIMIT), (req, res) =>
    orBack(res, log, async () => {
      const { url, secret } = await organisation.begin();
      // Lax: the provider is another site, and the browser has to bring it from there.
      res.cookie(cookieName(req), secret, { ...attributes(req), maxAge: PENDING_MS });
      res.redirect(303, url);
    }),
  );
  router.get('/oidc/callback', (req, res) =>
    orBack(res, log, async () => {
      const secret = cookieOf(req, cookieName(req)) ?? '';
      res.clearCookie(cookieName(req), attributes(req));
      const search = new URL(req.originalUrl, 'http://here').search;
      const former = sessionSecretOf(req);
      const begun = await organisation.finish(search, secret, addressOf(req), former);
      setSessionCookie(req, res, begun.secret);
      res.redirect(303, PAGE);
    }),
  );
  return router;
}

async function orBack(res: Response, log: Logger, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (err) {
    const { code, outcome } = toGatewayError(err);
    log[outcome.blame === 'client' ? 'info' : 'warn']({ err }, 'organisation sign-in failed');
    res.redirect(303, `${PAGE}#sign-in-failed=${code}`);
  }
}

function cookieName(req: Request): string {
  return isEncrypted(req) ? '__Host-diemcau-oidc' : 'diemcau-oidc';
}

function attributes(req: Request) {
  return { httpOnly: true, sameSite: 'lax', secure: isEncrypted(req), path: '/' } as const;
}
