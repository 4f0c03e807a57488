import type { StagePort } from '../calls/ports.ts';
import type { Participant } from '../domain/conference.ts';
import { GatewayError, toGatewayError } from '../domain/errors.ts';

/** What a snapshot is to show. */
export interface SnapshotWish {
  /** The participant's own camera, or what it is shown. */
  readonly of: 'sent' | 'seen';
  /** Pixels. */
  readonly maxWidth: number;
}

export interface Snapshot {
  readonly jpeg: Buffer;
  /** Epoch, ms. */
  readonly takenAtMs: number;
}

/** What to do about it when the stage has nothing to show. */
const ADVICE = {
  sent: 'No picture came from this camera in time; ask again in a few seconds.',
  seen: 'This room codec is shown nothing yet; ask again in a few seconds.',
};

/**
 * Takes a JPEG of a participant.
 *
 * @throws GatewayError `no-picture` with what to do about it; `bad-request` for what a browser
 *   is shown, which is its own affair; `stage-down`
 */
export async function takeSnapshot(
  stage: StagePort,
  { id, conferenceId, kind, hasVideo }: Participant,
  { of, maxWidth }: SnapshotWish,
): Promise<Snapshot> {
  if (of === 'seen' && kind === 'browser')
    throw new GatewayError('bad-request', 'Only room codecs are shown one picture; ask of=sent.');
  if (of === 'sent' && !hasVideo)
    throw noPicture('This camera is off or on hold; ask again when it is on.');
  const member = { sceneId: conferenceId, participantId: id };
  try {
    const taken = await stage.request('snapshot.take', { ...member, of, maxWidth });
    return { jpeg: Buffer.from(taken.jpegBase64, 'base64'), takenAtMs: taken.takenAtMs };
  } catch (thrown) {
    const error = toGatewayError(thrown);
    // `invalid-state`: the stage knows nobody of that name, who so has no picture there.
    const isNothing = error.code === 'no-picture' || error.code === 'invalid-state';
    throw isNothing ? noPicture(ADVICE[of], error) : error;
  }
}

export function noPicture(message: string, cause?: unknown): GatewayError {
  return new GatewayError('no-picture', message, { cause });
}
