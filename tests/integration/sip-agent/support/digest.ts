import { createHash } from 'node:crypto';

/** Of every device in the tests. */
export const PASSWORD = 'not-a-secret';
export const CHALLENGE = 'Digest realm="rooms", nonce="abc", algorithm=MD5';

/** Whether an Authorization header answers the challenge; RFC 2617 §3.2.2.1 without qop. */
export function isRightAnswer(authorization: string, method: string): boolean {
  const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(authorization)?.[1] ?? '';
  const secret = md5(`${part('username')}:rooms:${PASSWORD}`);
  return part('response') === md5(`${secret}:abc:${md5(`${method}:${part('uri')}`)}`);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
