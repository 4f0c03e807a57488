import { toGatewayError } from '../domain/errors.ts';
import type { CallId } from '../domain/ids.ts';
import type { Clock, MediaRelay, Silence } from './ports.ts';

const LONGEST_LOOK_MS = 1_500;
/**
 * A relay that was started anew knows no leg, and says so before anybody has noticed that it
 * died: a leg is believed to be gone when it is unknown for this long without an outage.
 */
const UNKNOWN_MS = 6_000;
const NO_ANSWER = 'no-answer';

export interface SilenceDeps {
  readonly relay: MediaRelay;
  readonly clock: Clock;
  readonly isOutage: () => boolean;
  /** Told what each look found; undefined during an outage. */
  readonly onLook: (silence: Silence | undefined) => void;
}

/**
 * Resolves when the endpoint has sent neither RTP nor RTCP for `silentTimeoutMs`,
 * or the relay does not know the leg for a while; what it says during an outage counts for
 * nothing. Rejects when `signal` fires.
 */
export async function waitForSilence(
  deps: SilenceDeps,
  callId: CallId,
  silentTimeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const lookMs = Math.min(LONGEST_LOOK_MS, Math.ceil(silentTimeoutMs / 4));
  let unknownSinceMs: number | undefined;
  for (;;) {
    await deps.clock.sleep(lookMs, signal);
    const silence = await askRelay(deps.relay, callId, signal);
    const isOutage = deps.isOutage();
    const nowMs = deps.clock.now();
    unknownSinceMs = silence || isOutage ? undefined : (unknownSinceMs ?? nowMs);
    if (unknownSinceMs !== undefined && nowMs - unknownSinceMs >= UNKNOWN_MS) return;
    if (isOutage || silence === undefined) deps.onLook(undefined);
    else if (silence !== NO_ANSWER) {
      deps.onLook(silence);
      if (silence.anyMs >= silentTimeoutMs) return;
    }
  }
}

/** A relay that does not answer is not the endpoint's silence: its own loss ends the call. */
async function askRelay(
  relay: MediaRelay,
  callId: CallId,
  signal: AbortSignal,
): Promise<Silence | typeof NO_ANSWER | undefined> {
  try {
    return await relay.silence(callId, signal);
  } catch (err) {
    signal.throwIfAborted();
    if (toGatewayError(err).code === 'media-relay-down') return NO_ANSWER;
    throw err;
  }
}
