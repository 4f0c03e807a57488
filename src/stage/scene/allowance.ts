import type { AllowedPictures } from '../layout/groups.ts';

/** What the administrator allows of the stage, and what the machine allows at the moment. */
export interface Allowance {
  /** Whether a picture that could be passed on is composed all the same, to have its name in it. */
  readonly names: 'always' | 'composed';
  readonly pictures: AllowedPictures;
  /** False when the machine has no room for another encoder. */
  readonly mayOpenCanvas: boolean;
}
