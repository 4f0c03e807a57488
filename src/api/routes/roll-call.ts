import { Router } from 'express';
import {
  RollFileInput,
  RollMarkInput,
  RollRestInput,
  RollSignInput,
  RollStartInput,
} from '../../contract/records.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { ConferenceId } from '../../domain/ids.ts';
import type { ApiCore, Visit } from '../core.ts';
import { found, parseBody } from '../errors.ts';
import { sendFile } from '../send-file.ts';

/** What a chair does with the roll of the meeting; proved by the visit's token, as all visits are. */
export function rollCallRoutes({ visits, rollCalls }: ApiCore): Router {
  const router = Router();
  const chair = (token: string) => requireChair(visits.find(token));
  router.post('/visit/roll-call', async (req, res) => {
    const { id, name } = chair(parseBody(RollStartInput, req.body).token);
    res.status(201).json(await rollCalls.start(id, name));
  });
  router.post('/visit/roll-call/mark', async (req, res) => {
    const { token, rowId, ...change } = parseBody(RollMarkInput, req.body);
    res.json(await rollCalls.mark(chair(token).id, rowId, change));
  });
  router.post('/visit/roll-call/rest-absent', async (req, res) => {
    const { id } = chair(parseBody(RollRestInput, req.body).token);
    res.json(await rollCalls.markRestAbsent(id));
  });
  router.post('/visit/roll-call/sign', async (req, res) => {
    const { token, name } = parseBody(RollSignInput, req.body);
    res.json(await rollCalls.sign(chair(token).id, name));
  });
  router.post('/visit/roll-call/file', async (req, res) => {
    const { token, ...how } = parseBody(RollFileInput, req.body);
    const file = await rollCalls.file(chair(token).id, how);
    sendFile(res, file.name, file);
  });
  return router;
}

/** @throws GatewayError `not-found`, `not-authorized` */
function requireChair(visit: Visit | undefined): { id: ConferenceId; name: string } {
  const { conferenceId, name, isChair } = found(visit, 'visit');
  if (isChair) return { id: conferenceId as ConferenceId, name };
  throw new GatewayError('not-authorized', 'Chairs call the roll: come in with the chair’s PIN.');
}
