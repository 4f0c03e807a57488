/** A picture somebody could be shown. */
export interface Candidate {
  readonly id: string;
  /** RTP has come lately, and it is H.264. */
  readonly isLive: boolean;
  /** Macroblocks per frame, once known. */
  readonly macroblocks: number | undefined;
}

export interface Receiver {
  readonly id: string;
  /** Macroblocks per frame its decoder takes. */
  readonly maxFs: number;
  /** Whom it was shown, the latest first; the first may be shown now. */
  readonly recentIds: readonly string[];
}

/**
 * Whose picture a receiver is shown: the latest speaker that is not itself and
 * fits its decoder, else whom it was shown last, else whoever came first.
 * Undefined is the slate.
 */
export function selectPicture(
  receiver: Receiver,
  speakerIds: readonly string[],
  candidates: readonly Candidate[],
): string | undefined {
  const usable = candidates.filter(candidate => isUsable(candidate, receiver));
  const isThere = (id: string) => usable.some(candidate => candidate.id === id);
  return speakerIds.find(isThere) ?? receiver.recentIds.find(isThere) ?? usable[0]?.id;
}

function isUsable({ id, isLive, macroblocks = 0 }: Candidate, receiver: Receiver): boolean {
  return isLive && id !== receiver.id && macroblocks <= receiver.maxFs;
}
