import { Router } from 'express';
import { LayoutInput, SnapshotQuery } from '../../contract/rest.ts';
import { GatewayError } from '../../domain/errors.ts';
import { adminPrincipal } from '../auth.ts';
import type { ApiCore } from '../core.ts';
import { found, parseBody } from '../errors.ts';

/** What an administrator may do that is no operation of the contract yet: layout, calls, bans. */
export function adminRoutes(core: ApiCore): Router {
  const router = Router();
  const { conferences, calls, bans } = core;

  router.get('/conferences/:id/participants', async (req, res) => {
    res.json(
      found(await conferences.participants(adminPrincipal(req), req.params.id), 'conference'),
    );
  });
  router.get('/conferences/:id/layout', async (req, res) => {
    res.json(found(await conferences.layout(adminPrincipal(req), req.params.id), 'conference'));
  });
  router.put('/conferences/:id/layout', async (req, res) => {
    const layout = parseBody(LayoutInput, req.body);
    res.json(
      found(await conferences.setLayout(adminPrincipal(req), req.params.id, layout), 'conference'),
    );
  });
  router.get('/conferences/:id/snapshot', async (req, res) => {
    const query = parseBody(SnapshotQuery, req.query);
    const taken = found(
      await conferences.snapshot(adminPrincipal(req), req.params.id, query),
      'conference',
    );
    res.set('Last-Modified', new Date(taken.takenAtMs).toUTCString());
    res.type('image/jpeg').send(taken.jpeg);
  });

  router.get('/calls', (_req, res) => void res.json(calls.list()));
  router.get('/call-log', (_req, res) => void res.json(calls.log()));
  router.get('/calls/:id/trace', (req, res) => {
    res.json(found(calls.trace(req.params.id), 'call'));
  });
  router.delete('/calls/:id', async (req, res) => {
    found(await calls.hangup(req.params.id), 'call');
    res.status(204).end();
  });

  router.get('/bans', (_req, res) => void res.json(bans.list()));
  router.delete('/bans/:source', (req, res) => {
    if (!bans.lift(req.params.source)) throw new GatewayError('not-found', 'There is no such ban.');
    res.status(204).end();
  });
  return router;
}
