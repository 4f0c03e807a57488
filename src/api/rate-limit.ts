import type { RequestHandler } from 'express';
import { GatewayError } from '../domain/errors.ts';

export interface RateLimit {
  /** Requests an address may make at once. */
  readonly burst: number;
  /** How many it gets back each second. */
  readonly perSec: number;
}

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Addresses remembered at most; a full table forgets everybody, which only ever lets more through. */
const MAX_ADDRESSES = 10_000;

/** A token bucket for each address; an empty one is answered 429. */
export function rateLimit(limit: RateLimit, now: () => number = Date.now): RequestHandler {
  const buckets = new Map<string, Bucket>();
  return (req, _res, next) => {
    if (buckets.size > MAX_ADDRESSES) buckets.clear();
    const address = req.socket.remoteAddress ?? '';
    const nowMs = now();
    const bucket = buckets.get(address) ?? { tokens: limit.burst, filledAtMs: nowMs };
    const refilled = bucket.tokens + ((nowMs - bucket.filledAtMs) / 1000) * limit.perSec;
    bucket.tokens = Math.min(limit.burst, refilled);
    bucket.filledAtMs = nowMs;
    buckets.set(address, bucket);
    if (bucket.tokens < 1)
      return next(new GatewayError('rate-limited', 'Too many tries; wait a moment and try again.'));
    bucket.tokens -= 1;
    next();
  };
}
