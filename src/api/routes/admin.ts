import { Router } from 'express';
import { ConferenceInput, SiteInput } from '../../contract/rest.ts';
import type { ApiCore } from '../core.ts';
import { found, parseBody } from '../errors.ts';

/** What an administrator may do: sites, conferences. */
export function adminRoutes(core: ApiCore): Router {
  const router = Router();
  const { sites, conferences } = core;

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
  return router;
}
