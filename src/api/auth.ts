import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { Permission } from '../contract/permissions.ts';
import type { Principal } from '../domain/actor.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Authenticate } from './operations.ts';

/** Who carries the admin token may do everything. */
export function byAdminToken(adminToken: string): Authenticate {
  const expected = digest(adminToken);
  const admin: Principal = {
    actor: { kind: 'admin-token', name: 'admin' },
    permissions: new Set(Permission.options),
  };
  return async req => {
    const given = bearerOf(req.headers.authorization);
    if (given === undefined || !timingSafeEqual(digest(given), expected)) return undefined;
    const address = req.socket.remoteAddress;
    return { ...admin, actor: { ...admin.actor, ...(address !== undefined && { address }) } };
  };
}

/** Lets through only who carries the admin token as Bearer, RFC 6750 §2.1. */
export function requireAdmin(adminToken: string): RequestHandler {
  const expected = digest(adminToken);
  return (req, res, next) => {
    const given = bearerOf(req.headers.authorization);
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return next();
    res.set('WWW-Authenticate', 'Bearer realm="diemcau"');
    const message = 'Give the admin token as “Authorization: Bearer …”.';
    next(new GatewayError('auth-required', message));
  };
}

function bearerOf(authorization = ''): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
