import { VERSION } from '../util/version.ts';
import type { Sent } from './ports.ts';

/** Longest a receiver may take. */
const TIMEOUT_MS = 10_000;

/** Sends one message by POST; redirects are not followed, and what is answered is not read. */
export async function sendMessage(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Sent> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'user-agent': `diemcau/${VERSION}` },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await answer.body?.cancel();
    return { ok: answer.ok, detail: `HTTP ${answer.status}` };
  } catch (err) {
    return { ok: false, detail: reasonOf(err) };
  }
}

function reasonOf(err: unknown): string {
  if (!(err instanceof Error)) return 'failed';
  if (err.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  const { cause } = err;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause && cause.code;
  return code ? `not reached: ${String(code)}` : 'not reached';
}
