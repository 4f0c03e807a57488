import { createHash, randomBytes } from 'node:crypto';

/** A request or response as it came, read just well enough for a test phone. */
export interface SipMessage {
  /** Of a response; undefined for a request. */
  readonly status: number | undefined;
  /** Of a request, or of the CSeq of a response. */
  readonly method: string;
  /** Of the CSeq. */
  readonly seq: number;
  /** Header lines as they came, in order. */
  readonly lines: readonly string[];
  readonly body: string;
}

/** @throws Error when it has no CSeq, which no server sends */
export function readMessage(data: Buffer): SipMessage {
  const text = data.toString('utf8');
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const [seq = '', method = ''] = (headerValue(lines, 'cseq') ?? '').split(/\s+/);
  if (!method) throw new Error(`no CSeq in ${first}`);
  const status = first.startsWith('SIP/') ? Number(first.split(' ')[1]) : undefined;
  return { status, method, seq: Number(seq), lines, body: text.slice(end + 4) };
}

/** The first value of a header, whatever its case. */
export function headerValue(lines: readonly string[], name: string): string | undefined {
  const start = `${name.toLowerCase()}:`;
  const line = lines.find(candidate => candidate.toLowerCase().startsWith(start));
  return line?.slice(start.length).trim();
}

export function writeMessage(first: string, lines: readonly string[], body = ''): Buffer {
  const isTyped = body === '' || headerValue(lines, 'content-type') !== undefined;
  const type = isTyped ? [] : ['Content-Type: application/sdp'];
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  return Buffer.from([first, ...lines, ...type, length, '', body].join('\r\n'));
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** The header that answers a challenge; RFC 2617 with qop=auth, as room codecs do it. */
export function authorizationLine(
  challenge: string,
  { username, password }: Credentials,
  method: string,
  uri: string,
): string {
  const part = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const [realm, nonce, cnonce] = [part('realm'), part('nonce'), randomBytes(8).toString('hex')];
  const ha1 = md5(`${username}:${realm}:${password}`);
  const response = md5(`${ha1}:${nonce}:00000001:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
  return (
    `Authorization: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
    `response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="${cnonce}"`
  );
}

export function newToken(): string {
  return randomBytes(8).toString('hex');
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
