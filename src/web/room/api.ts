import { ErrorView, type JoinInput, JoinView, WaitView } from '../../contract/rest.ts';

/** Why a join failed, as a key of `errors.*`. */
export class JoinError extends Error {
  readonly code: string;
  /** Until then PINs from here are not listened to. */
  readonly retryAtMs: number | undefined;

  constructor(code: string, retryAtMs?: number) {
    super(code);
    this.code = code;
    this.retryAtMs = retryAtMs;
  }
}

const KNOWN = [
  'conference-not-found',
  'conference-locked',
  'room-server-down',
  'rate-limited',
  'pin-required',
  'pin-wrong',
];

/** A join waits for the room server, which has 5 s of its own for each question. */
const POST_TIMEOUT_MS = 20_000;
const PROBE_TIMEOUT_MS = 2_500;

/** Whether the server answers at all, well or badly. */
export async function isReachable(): Promise<boolean> {
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  return fetch(location.pathname, { method: 'HEAD', cache: 'no-store', signal }).then(
    () => true,
    () => false,
  );
}

/** Begins a visit, or a wait for one. @throws JoinError */
export async function join(input: JoinInput): Promise<JoinView | WaitView> {
  const response = await post('/api/v1/join', input);
  const body: unknown = await response.json().catch(() => undefined);
  if (response.status === 202) return WaitView.parse(body);
  if (response.ok) return JoinView.parse(body);
  throw joinError(body);
}

/** Only of PINs it is said when they are listened to again. */
function joinError(body: unknown): JoinError {
  const parsed = ErrorView.safeParse(body);
  if (!parsed.success) return new JoinError('unknown');
  const { code, details } = parsed.data.error;
  const retryAfterSec = details?.retryAfterSec;
  if (code === 'rate-limited' && typeof retryAfterSec === 'number')
    return new JoinError('pins-refused', Date.now() + retryAfterSec * 1000);
  return new JoinError(KNOWN.includes(code) ? code : 'unknown');
}

/** Somebody else shares a screen. */
export class TakenError extends Error {
  readonly sharer: string;

  constructor(sharer: string) {
    super('taken');
    this.sharer = sharer;
  }
}

/** Asks for the right to share a screen. @throws TakenError, or Error when it cannot be had */
export async function askToShare(token: string): Promise<void> {
  const response = await post('/api/v1/share', { token });
  if (response.ok) return;
  const parsed = ErrorView.safeParse(await response.json().catch(() => undefined));
  const error = parsed.success ? parsed.data.error : undefined;
  if (error?.code === 'content-taken') throw new TakenError(String(error.details?.name ?? ''));
  throw new Error(`not allowed to share: ${response.status}`);
}

/** Becomes a chair by the PIN of chairs. @throws JoinError */
export async function lead(token: string, pin: string): Promise<void> {
  const response = await post('/api/v1/visit/lead', { token, pin });
  if (!response.ok) throw joinError(await response.json().catch(() => undefined));
}

/** Gives it back; should this not arrive, the gateway hears it of the feed's end. */
export async function tellSharingStopped(token: string): Promise<void> {
  await post('/api/v1/share/stop', { token }).catch(() => undefined);
}

/** Ends a visit; also while the page goes away. */
export function leave(token: string): void {
  navigator.sendBeacon('/api/v1/leave', JSON.stringify({ token }));
}

async function post(path: string, body: object): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  try {
    const signal = AbortSignal.timeout(POST_TIMEOUT_MS);
    return await fetch(path, { method: 'POST', headers, body: JSON.stringify(body), signal });
  } catch {
    throw new JoinError('network');
  }
}

/** Address of a WebSocket of this origin. */
export function socketUrl(path: string): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`;
}
