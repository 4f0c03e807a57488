/** What is thought of a participant's line, and how long it has looked otherwise. */
export interface LineJudgement {
  readonly isPoor: boolean;
  /** Seconds in a row that speak against `isPoor`. */
  readonly contrarySec: number;
}

/** Above this share of lost packets a picture breaks visibly. */
export const POOR_LOSS_RATIO = 0.05;
/** So long it must look otherwise before it is believed; one bad second is a burst. */
export const DECISION_SEC = 3;

/** Of somebody of whom nothing is known. */
export const GOOD_LINE: LineJudgement = { isPoor: false, contrarySec: 0 };

/** The judgement after one more second, good and poor weighed alike so that it does not flicker. */
export function judgeLine(before: LineJudgement, lossRatio: number): LineJudgement {
  const looksPoor = lossRatio > POOR_LOSS_RATIO;
  if (looksPoor === before.isPoor) return { isPoor: before.isPoor, contrarySec: 0 };
  const contrarySec = before.contrarySec + 1;
  if (contrarySec < DECISION_SEC) return { isPoor: before.isPoor, contrarySec };
  return { isPoor: looksPoor, contrarySec: 0 };
}
