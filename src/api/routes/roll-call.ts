import { type Request, Router } from 'express';
import {
  RecordFileInput,
  RollFileInput,
  RollMarkInput,
  RollRestInput,
  RollSignInput,
  RollStartInput,
} from '../../contract/records.ts';
import type { Actor } from '../../domain/actor.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { ConferenceId } from '../../domain/ids.ts';
import { addressOf } from '../auth.ts';
import type { ApiCore, Visit } from '../core.ts';
import { found, parseBody } from '../errors.ts';
import { rateLimit } from '../rate-limit.ts';
import { sendFile } from '../send-file.ts';

/** A PDF is more than a second of work. */
const TICKET_LIMIT = { burst: 10, perSec: 0.2 };

/**
 * What a chair does with the roll of the meeting, proved by the visit's token, as all visits are;
 * and the record after the meeting, for which a ticket is proof.
 */
export function rollCallRoutes({ visits, rollCalls, recordTickets }: ApiCore): Router {
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
    const { id, ...who } = chair(token);
    res.json(await rollCalls.sign(id, name, actorOf(who, req)));
  });
  router.post('/visit/roll-call/file', async (req, res) => {
    const { token, ...how } = parseBody(RollFileInput, req.body);
    const { id, ...who } = chair(token);
    const file = await rollCalls.file(id, how, actorOf(who, req));
    sendFile(res, file.name, file);
  });
  router.post('/record-file', rateLimit(TICKET_LIMIT), async (req, res) => {
    const { ticket, ...how } = parseBody(RecordFileInput, req.body);
    const file = await recordTickets.file(ticket, how, addressOf(req));
    sendFile(res, file.name, file);
  });
  return router;
}

function actorOf({ name }: { readonly name: string }, req: Request): Actor {
  return { kind: 'chair', name, address: addressOf(req) };
}

/** @throws GatewayError `not-found`, `not-authorized` */
function requireChair(visit: Visit | undefined): { id: ConferenceId; name: string } {
  const { conferenceId, name, isChair } = found(visit, 'visit');
  if (isChair) return { id: conferenceId as ConferenceId, name };
  throw new GatewayError('not-authorized', 'Chairs call the roll: come in with the chair’s PIN.');
}
