import { createHmac, randomBytes } from 'node:crypto';

/** Of the secret as it is shown; Standard Webhooks 1.0, “Signature scheme”. */
const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

export function newSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** As receivers' libraries take it. */
export function secretText(secret: Uint8Array): string {
  return PREFIX + Buffer.from(secret).toString('base64');
}

/**
 * The headers that prove a message: its id, when it was sent and an HMAC-SHA256 of both and the
 * body. A receiver refuses what is old, so that nobody can send it again later.
 */
export function signedHeaders(
  message: { readonly id: string; readonly body: string },
  secret: Uint8Array,
  nowMs: number,
): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signed = `${message.id}.${timestamp}.${message.body}`;
  const signature = createHmac('sha256', secret).update(signed).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
