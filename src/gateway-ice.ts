import { createHmac } from 'node:crypto';
import type { TurnSettings } from './config/index.ts';
import type { IceView } from './contract/ice.ts';

/** Without a relay: a closed network has no STUN, and the rooms are reached straight. */
const STRAIGHT: IceView = { servers: [], relayOnly: false };

/**
 * How one visitor's browser finds its way to the rooms. With a shared secret the name says until
 * when it is good, and the password is its HMAC: coturn's `use-auth-secret`,
 * draft-uberti-behave-turn-rest-00 §2.2.
 */
export function iceView(
  turn: TurnSettings | undefined,
  participantId: string,
  nowMs: number,
): IceView {
  if (!turn) return STRAIGHT;
  const { urls, relayOnly } = turn;
  return { servers: [{ urls, ...credentials(turn, participantId, nowMs) }], relayOnly };
}

function credentials(turn: TurnSettings, participantId: string, nowMs: number) {
  const { secret, ttlSec, username = '', credential = '' } = turn;
  if (secret === undefined) return { username, credential };
  const untilSec = Math.floor(nowMs / 1000) + ttlSec;
  const name = `${untilSec}:${participantId}`;
  return {
    username: name,
    credential: createHmac('sha1', secret).update(name).digest('base64'),
  };
}
