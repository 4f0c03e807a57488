import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { Permission } from '../contract/permissions.ts';
import type { Principal } from '../domain/actor.ts';
import type { Authenticate } from './operations.ts';

/** Who carries the admin token as Bearer, RFC 6750 §2.1, may do everything. */
export function byAdminToken(adminToken: string): Authenticate {
  const expected = digest(adminToken);
  return async req => {
    const given = /^Bearer\s+(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
    const isRight = given !== undefined && timingSafeEqual(digest(given), expected);
    return isRight ? adminPrincipal(req) : undefined;
  };
}

/** The bearer of the admin token, which is nobody's own. */
export function adminPrincipal(req: Request): Principal {
  const address = req.socket.remoteAddress;
  return {
    actor: { kind: 'admin-token', name: 'admin token', ...(address !== undefined && { address }) },
    permissions: new Set(Permission.options),
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
