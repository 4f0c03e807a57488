/**
 * What the stage's main thread and a composing worker say to each other. Ids are
 * the main thread's; everything a worker holds is closed by it or ends with it.
 */

import type { FloorLine } from '../layout/types.ts';

/** Coders of cameras; `h263` is what comes in RFC 2190 or RFC 4629. */
export type CameraCodec = 'h264' | 'vp8' | 'h263' | 'h261';

/** One coded picture of a camera. */
export interface CodedPicture {
  /** H.264 as Annex B, others as FFmpeg's decoders take them. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly isKeyframe: boolean;
  /** False when packets of it are missing. */
  readonly isWhole: boolean;
  /** Packets right before it are missing. */
  readonly followsLoss: boolean;
  /** When it was handed to the thread, by `nowMs`. */
  readonly takenAtMs: number;
}

/** Even numbers, in pixels of a canvas. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is encoded: fixed for the life of a canvas. */
export interface CanvasSpec {
  readonly codec: 'h264' | 'h263' | 'vp8';
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly bitrateBps: number;
  /** H.264 level as x264 writes it. */
  readonly level?: string;
  /** Width of a pixel by its height: 12/11 in CIF; 1 when not said. */
  readonly pixelAspect?: number;
  /** Slices no larger than this, for receivers of single NAL units; RFC 6184 §6.2. */
  readonly maxSliceBytes?: number;
}

export interface TileMarks {
  readonly speaking: boolean;
  readonly muted: boolean;
  readonly handRaised: boolean;
  readonly poorLine: boolean;
}

/** No marks. */
export const UNMARKED: TileMarks = {
  speaking: false,
  muted: false,
  handRaised: false,
  poorLine: false,
};

export interface Tile {
  readonly rect: Rect;
  /** Whose camera; a tile without one, or whose camera gives nothing, is a slate with the name. */
  readonly sourceId?: string;
  readonly name: string;
  /** Below the name on a slate. */
  readonly lines?: readonly string[];
  /** False leaves the picture alone: one that is passed on to browsers has its name there. */
  readonly labelled: boolean;
  readonly marks: TileMarks;
}

/** What a canvas shows. */
export interface Painting {
  readonly tiles: readonly Tile[];
  /** Across the top, over the tiles. */
  readonly message?: string;
  /** One line below it, over the tiles. */
  readonly floorLine?: FloorLine;
}

export type ToWorker =
  | { readonly kind: 'source.open'; readonly sourceId: string; readonly codec: CameraCodec }
  | { readonly kind: 'source.picture'; readonly sourceId: string; readonly picture: CodedPicture }
  | { readonly kind: 'source.close'; readonly sourceId: string }
  | {
      readonly kind: 'canvas.open';
      readonly canvasId: number;
      readonly spec: CanvasSpec;
      readonly painting: Painting;
      readonly revision: number;
    }
  | {
      readonly kind: 'canvas.paint';
      readonly canvasId: number;
      readonly painting: Painting;
      /** Comes back with each picture that shows this painting. */
      readonly revision: number;
    }
  | { readonly kind: 'canvas.keyframe'; readonly canvasId: number }
  | { readonly kind: 'canvas.close'; readonly canvasId: number }
  /** Every nth picture is composed, of all canvases. */
  | { readonly kind: 'thin'; readonly divisor: number }
  | {
      readonly kind: 'snapshot';
      readonly requestId: number;
      readonly of: { readonly sourceId: string } | { readonly canvasId: number };
      readonly maxWidth: number;
      readonly timeoutMs: number;
    }
  /** The thread closes what it holds and ends. A thread that is terminated while FFmpeg works takes the process with it. */
  | { readonly kind: 'end' };

/** How a camera was decoded in the last second. */
export interface DecodedFacts {
  readonly sourceId: string;
  /** Not known before the first picture. */
  readonly width?: number;
  readonly height?: number;
  readonly fps: number;
  /** Time without a new picture in the last second, in ms. */
  readonly frozenMs: number;
  /** Pictures came, and the newest is black. */
  readonly black: boolean;
  /** Pictures came, and it is the same as a second ago. */
  readonly still: boolean;
}

export interface Jpeg {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  /** Epoch, ms, by the machine's clock: when the camera's picture came, or the composed one was asked for. */
  readonly takenAtMs: number;
}

export type FromWorker =
  | {
      readonly kind: 'canvas.picture';
      readonly canvasId: number;
      readonly data: Uint8Array<ArrayBuffer>;
      readonly macroblocks?: Uint8Array<ArrayBuffer>;
      /** 90 kHz, from the canvas' first picture. */
      readonly timestamp: number;
      readonly isKeyframe: boolean;
      /** When what it shows was composed, by `nowMs`. */
      readonly composedAtMs: number;
      /** Of the painting it shows. */
      readonly revision: number;
    }
  /** The encoder cannot be opened, or broke; the canvas gives nothing more. */
  | { readonly kind: 'canvas.failed'; readonly canvasId: number; readonly reason: string }
  /** Decoding goes on only with a key frame. */
  | { readonly kind: 'source.broken'; readonly sourceId: string }
  | {
      readonly kind: 'second';
      readonly sources: readonly DecodedFacts[];
      readonly canvases: readonly { readonly canvasId: number; readonly fps: number }[];
    }
  | { readonly kind: 'snapshot'; readonly requestId: number; readonly jpeg: Jpeg | undefined }
  /** For the log. */
  | { readonly kind: 'trouble'; readonly what: string; readonly reason: string };
