import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { GatewayError } from '../domain/errors.ts';

/** Lets through only who carries the admin token as Bearer, RFC 6750 §2.1. */
export function requireAdmin(adminToken: string): RequestHandler {
  const expected = digest(adminToken);
  return (req, res, next) => {
    const given = /^Bearer\s+(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return next();
    res.set('WWW-Authenticate', 'Bearer realm="diemcau"');
    const message = 'Give the admin token as “Authorization: Bearer …”.';
    next(new GatewayError('auth-required', message));
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
