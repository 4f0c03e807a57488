import type { Settings } from './schema.ts';
import type { TurnSettings } from './turn.ts';

export const HIDDEN = '(hidden)';

/** The settings fit for a log or a page: secrets are replaced, the rest is as it is. */
export function redact(settings: Settings): Settings {
  const { adminToken, databaseUrl, oidc, rooms, sip } = settings;
  const server = sip.server.kind === 'drachtio' ? { ...sip.server, secret: HIDDEN } : sip.server;
  return {
    ...settings,
    ...(adminToken === undefined ? {} : { adminToken: HIDDEN }),
    ...(databaseUrl !== undefined && { databaseUrl: HIDDEN }),
    ...(oidc?.clientSecret !== undefined && { oidc: { ...oidc, clientSecret: HIDDEN } }),
    ...(rooms.turn && { rooms: { ...rooms, turn: redactTurn(rooms.turn) } }),
    sip: { ...sip, server },
  };
}

function redactTurn(turn: TurnSettings): TurnSettings {
  return {
    ...turn,
    ...(turn.secret !== undefined && { secret: HIDDEN }),
    ...(turn.credential !== undefined && { credential: HIDDEN }),
  };
}
