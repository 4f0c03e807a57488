import { Router } from 'express';
import { ConferenceInput, LayoutInput, SiteInput, SnapshotQuery } from '../../contract/rest.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { ApiCore } from '../core.ts';
import { found, parseBody } from '../errors.ts';

/** What an administrator may do: sites, conferences, calls. */
export function adminRoutes(core: ApiCore): Router {
  const router = Router();
  const { sites, conferences, calls, bans } = core;

  router.get('/sites', async (_req, res) => void res.json(await sites.list()));
  router.post('/sites', async (req, res) => {
    const site = await sites.create(parseBody(SiteInput, req.body));
    res.status(201).location(`/api/v1/sites/${site.id}`).json(site);
  });
  router.get('/sites/:id', async (req, res) => {
    res.json(found(await sites.get(req.params.id), 'site'));
  });
  router.delete('/sites/:id', async (req, res) => {
    found(await sites.delete(req.params.id), 'site');
    res.status(204).end();
  });

  router.get('/sites/:id/endpoints/:endpointId/history', async (req, res) => {
    const { id, endpointId } = req.params;
    res.json(found(await sites.history(id, endpointId), 'endpoint'));
  });

  router.get('/conferences', async (_req, res) => void res.json(await conferences.list()));
  router.post('/conferences', async (req, res) => {
    const conference = await conferences.create(parseBody(ConferenceInput, req.body));
    res.status(201).location(`/api/v1/conferences/${conference.id}`).json(conference);
  });
  router.get('/conferences/:id', async (req, res) => {
    res.json(found(await conferences.get(req.params.id), 'conference'));
  });
  router.delete('/conferences/:id', async (req, res) => {
    found(await conferences.delete(req.params.id), 'conference');
    res.status(204).end();
  });
  router.get('/conferences/:id/participants', async (req, res) => {
    res.json(found(await conferences.participants(req.params.id), 'conference'));
  });
  router.get('/conferences/:id/layout', async (req, res) => {
    res.json(found(await conferences.layout(req.params.id), 'conference'));
  });
  router.put('/conferences/:id/layout', async (req, res) => {
    const layout = parseBody(LayoutInput, req.body);
    res.json(found(await conferences.setLayout(req.params.id, layout), 'conference'));
  });
  router.get('/conferences/:id/snapshot', async (req, res) => {
    const query = parseBody(SnapshotQuery, req.query);
    const taken = found(await conferences.snapshot(req.params.id, query), 'conference');
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
