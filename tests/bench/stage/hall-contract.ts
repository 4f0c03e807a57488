/** Of the measured stage, on loopback. */
export const BENCH_SECRET = 'not-a-secret';

/** What the bench asks of the process with cameras and receivers. */
export type HallRequest = { readonly id: number } & HallCommand;

export interface CameraOrder {
  readonly file: string;
  readonly rtpPort: number;
  readonly ssrc: number;
}

export type HallCommand =
  /** Plays these and no others; pictures are so far apart. */
  | { readonly do: 'play'; readonly cameras: readonly CameraOrder[]; readonly intervalMs: number }
  | { readonly do: 'received' };

/** What all receivers got since they began. */
export interface Received {
  readonly packets: number;
  readonly pictures: number;
}

/** Where receivers and cameras are: one pair of ports for all of them. */
export interface HallPorts {
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

export type HallReply =
  | { readonly kind: 'ready'; readonly ports: HallPorts }
  | { readonly kind: 'reply'; readonly id: number; readonly result?: Received }
  /** The first camera sends a picture with which a flash begins; epoch, ms. */
  | { readonly kind: 'flash'; readonly sentAtMs: number };
