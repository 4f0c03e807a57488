import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

const NOT_BUILT =
  'The web pages have not been built: run “npm run build:web”, or start with scripts/up.';
const ASSET_MAX_AGE_MS = 365 * 24 * 3600 * 1000;

/** The built web pages: `/`, and the room page under every `/c/<alias>`. */
export function pages(webRoot: string): Router {
  const router = Router();
  const assets = { immutable: true, maxAge: ASSET_MAX_AGE_MS, index: false } as const;
  router.use('/assets', express.static(join(webRoot, 'assets'), assets));
  router.get('/', page(webRoot, 'index.html'));
  router.get('/api/docs', page(webRoot, 'api-docs.html'));
  router.get('/c/:alias', page(webRoot, 'room.html'));
  router.use(express.static(webRoot, { index: false }));
  return router;
}

function page(webRoot: string, file: string): RequestHandler {
  return (_req, res) => {
    const path = join(webRoot, file);
    if (!existsSync(path)) return void res.status(503).type('text/plain').send(NOT_BUILT);
    res.set('Cache-Control', 'no-cache').sendFile(path, { dotfiles: 'allow' });
  };
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "media-src 'self' blob: mediastream:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers that keep the pages to themselves: nothing is loaded from, or sent, elsewhere. */
export const securityHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': 'camera=(self), microphone=(self), display-capture=(self)',
  });
  next();
};
