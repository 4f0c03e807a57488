/** Between the benchmark and the servers it measures. */
export type ToServer =
  /** What the bare server answers and tells. */
  | { readonly type: 'bytes'; readonly list: string; readonly update: string }
  | { readonly type: 'change'; readonly n: number };

export type FromServer =
  | {
      readonly type: 'ready';
      readonly url: string;
      readonly wsUrl: string;
      readonly token: string;
      readonly conferenceId: string;
    }
  /** Something was changed, at this moment. */
  | { readonly type: 'changed'; readonly atMs: number };

/** The same in every process of a machine, finer than a millisecond. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
