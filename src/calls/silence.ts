import type { CallId } from '../domain/ids.ts';
import type { Clock, MediaRelay } from './ports.ts';

const LONGEST_LOOK_MS = 5_000;

/**
 * Resolves when the endpoint has sent neither RTP nor RTCP for `silentTimeoutMs`,
 * or the relay no longer knows the leg; what it says during an outage counts for
 * nothing. Rejects when `signal` fires.
 */
export async function waitForSilence(
  deps: { readonly relay: MediaRelay; readonly clock: Clock; readonly isOutage: () => boolean },
  callId: CallId,
  silentTimeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const lookMs = Math.min(LONGEST_LOOK_MS, Math.ceil(silentTimeoutMs / 4));
  for (;;) {
    await deps.clock.sleep(lookMs, signal);
    const silentMs = await askRelay(deps.relay, callId, signal);
    if (deps.isOutage()) continue;
    if (silentMs === undefined || silentMs >= silentTimeoutMs) return;
  }
}

/** A relay that does not answer is not the endpoint's silence: its own loss ends the call. */
async function askRelay(
  relay: MediaRelay,
  callId: CallId,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    return await relay.silentMs(callId, signal);
  } catch (err) {
    signal.throwIfAborted();
    if (!relay.health().ok) return 0;
    throw err;
  }
}
