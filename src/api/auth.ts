import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { Permission } from '../contract/permissions.ts';
import type { Principal } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';

/** Lets through only who carries the admin token as Bearer, RFC 6750 §2.1. */
export function requireAdmin(adminToken: string): RequestHandler {
  const carriesToken = tokenCheck(adminToken);
  return (req, res, next) => {
    if (carriesToken(req)) return next();
    res.set('WWW-Authenticate', 'Bearer realm="diemcau"');
    const message = 'Give the admin token as “Authorization: Bearer …”.';
    next(new GatewayError('auth-required', message));
  };
}

/** Who carries it may do everything; undefined for anybody else. */
export function adminByToken(
  adminToken: string,
): (req: IncomingMessage) => Promise<Principal | undefined> {
  const carriesToken = tokenCheck(adminToken);
  return async req => (carriesToken(req) ? adminPrincipal(req) : undefined);
}

/** The bearer of the admin token, which is nobody's own. */
export function adminPrincipal({ socket }: IncomingMessage): Principal {
  const { remoteAddress: address } = socket;
  return {
    actor: { kind: 'admin-token', name: 'admin token', ...(address !== undefined && { address }) },
    permissions: new Set(Permission.options),
  };
}

function tokenCheck(adminToken: string): (req: IncomingMessage) => boolean {
  const expected = digest(adminToken);
  return ({ headers }) => {
    const given = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    return given !== undefined && timingSafeEqual(digest(given), expected);
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
