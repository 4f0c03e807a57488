/** A picture somebody could be shown. */
export interface Candidate {
  readonly id: string;
  /** RTP has come lately, and it is H.264. */
  readonly isLive: boolean;
  /** Macroblocks per frame, once known. */
  readonly macroblocks: number | undefined;
}

/**
 * Whose picture a receiver is shown: the latest speaker that is not itself and
 * fits its decoder, else whoever it is shown now, else whoever came first.
 * Undefined is the slate.
 */
export function selectPicture(
  receiver: { readonly id: string; readonly maxFs: number; readonly shownId: string | undefined },
  speakerIds: readonly string[],
  candidates: readonly Candidate[],
): string | undefined {
  const fits = (id: string | undefined) =>
    candidates.find(
      candidate =>
        candidate.id === id &&
        id !== receiver.id &&
        candidate.isLive &&
        (candidate.macroblocks ?? 0) <= receiver.maxFs,
    );
  const speaker = speakerIds.find(fits);
  if (speaker !== undefined) return speaker;
  if (fits(receiver.shownId)) return receiver.shownId;
  return candidates.find(candidate => fits(candidate.id))?.id;
}
