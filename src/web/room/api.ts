import { ErrorView, JoinView } from '../../contract/rest.ts';

/** Why a join failed, as a key of `errors.*`. */
export class JoinError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const KNOWN = [
  'conference-not-found',
  'room-server-down',
  'rate-limited',
  'pin-required',
  'pin-wrong',
];

/** Begins a visit. @param pin empty when nobody asked for one. @throws JoinError */
export async function join(alias: string, name: string, pin: string): Promise<JoinView> {
  const response = await post('/api/v1/join', { alias, name, ...(pin && { pin }) });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return JoinView.parse(body);
  const parsed = ErrorView.safeParse(body);
  const code = parsed.success ? parsed.data.error.code : '';
  throw new JoinError(KNOWN.includes(code) ? code : 'unknown');
}

/** Ends a visit; also while the page goes away. */
export function leave(token: string): void {
  navigator.sendBeacon('/api/v1/leave', JSON.stringify({ token }));
}

async function post(path: string, body: object): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  try {
    return await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  } catch {
    throw new JoinError('network');
  }
}

/** Address of a WebSocket of this origin. */
export function socketUrl(path: string): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`;
}
