import { type Request, Router } from 'express';
import { z } from 'zod';
import { JoinInput } from '../../contract/rest.ts';
import { addressOf } from '../auth.ts';
import type { ApiCore } from '../core.ts';
import { found, parseBody } from '../errors.ts';
import { rateLimit } from '../rate-limit.ts';

/** A whole office behind one address may join at once; guessing aliases by the thousand may not. */
const JOIN_LIMIT = { burst: 60, perSec: 2 };
const VisitInput = z.object({ token: z.string().max(256) });
const LeadInput = VisitInput.extend({ pin: z.string().min(1).max(32) });

/** What everybody with a link may do: join and leave, and show a screen. */
export function visitRoutes(core: ApiCore): Router {
  const router = Router();
  router.post('/join', rateLimit(JOIN_LIMIT), async (req, res) => {
    const joined = await core.visits.join(parseBody(JoinInput, req.body), addressOf(req));
    res.status('waiting' in joined ? 202 : 201).json(joined);
  });
  router.post('/leave', async (req, res) => {
    await core.visits.find(tokenOf(req))?.leave();
    res.status(204).end();
  });
  router.post('/visit/lead', rateLimit(JOIN_LIMIT), async (req, res) => {
    const { token, pin } = parseBody(LeadInput, req.body);
    await found(core.visits.find(token), 'visit').lead(pin, addressOf(req));
    res.status(204).end();
  });
  router.post('/share', (req, res) => {
    found(core.visits.find(tokenOf(req)), 'visit').share();
    res.status(204).end();
  });
  router.post('/share/stop', async (req, res) => {
    await core.visits.find(tokenOf(req))?.stopSharing();
    res.status(204).end();
  });
  return router;
}

function tokenOf(req: Request): string {
  return parseBody(VisitInput, req.body).token;
}
