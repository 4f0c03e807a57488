/** SIP messages as a test writes and reads them, without any help of the code under test. */
import { randomBytes } from 'node:crypto';

export interface RawMessage {
  readonly startLine: string;
  /** Method of a request, '' for a response. */
  readonly method: string;
  /** Status of a response, 0 for a request. */
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

type Headers = Readonly<Record<string, string>>;

/** First value of a header, '' when it is not there; full names only. */
export function header(message: RawMessage, name: string): string {
  return all(message, name)[0] ?? '';
}

export function all(message: RawMessage, name: string): string[] {
  const wanted = name.toLowerCase();
  return message.headers.filter(([other]) => other.toLowerCase() === wanted).map(([, v]) => v);
}

/** @throws Error when it is not one whole message whose Content-Length fits */
export function readMessage(data: Buffer): RawMessage {
  const end = data.indexOf('\r\n\r\n');
  if (end < 0) throw new Error(`no empty line in ${data}`);
  const [startLine = '', ...lines] = data.toString('utf8', 0, end).split('\r\n');
  const headers = lines.map(line => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const;
  });
  const body = data.subarray(end + 4);
  const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  if (Number(length) !== body.length) throw new Error(`Content-Length ${length} for ${data}`);
  const status = Number(/^SIP\/2\.0 (\d{3})/.exec(startLine)?.[1] ?? 0);
  return {
    startLine,
    status,
    method: status ? '' : (startLine.split(' ')[0] ?? ''),
    headers,
    body,
  };
}

/** Start line and headers with a body; an array of values writes the header several times. */
export function writeMessage(
  startLine: string,
  headers: Readonly<Record<string, string | readonly string[]>>,
  body: string | Buffer = '',
): Buffer {
  const bytes = Buffer.from(body);
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map(one => `${name}: ${one}`),
  );
  const head = [startLine, ...lines, `Content-Length: ${bytes.length}`, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** The answer to a request, with what RFC 3261 §8.2.6.2 wants copied. */
export function responseTo(
  request: RawMessage,
  status: number,
  options: { toTag?: string; headers?: Headers; body?: string } = {},
): Buffer {
  const to = header(request, 'To');
  const tagged = /;tag=/.test(to) || status === 100 ? to : `${to};tag=${options.toTag ?? 'peer'}`;
  const copied = {
    Via: all(request, 'Via'),
    'Record-Route': all(request, 'Record-Route'),
    From: header(request, 'From'),
    To: tagged,
    'Call-ID': header(request, 'Call-ID'),
    CSeq: header(request, 'CSeq'),
  };
  return writeMessage(`SIP/2.0 ${status} Status`, { ...copied, ...options.headers }, options.body);
}

export function tagOf(value: string): string {
  return /;tag=([^;>\s]+)/.exec(value)?.[1] ?? '';
}

export function uriOf(value: string): string {
  return /<([^>]+)>/.exec(value)?.[1] ?? value;
}

export function unique(prefix = ''): string {
  return prefix + randomBytes(8).toString('hex');
}

export const SDP =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n';
