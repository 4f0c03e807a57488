/** What the store adds to a thing that several people change. */
export interface Stored {
  /** Grows by one with every change. */
  readonly version: number;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
}
