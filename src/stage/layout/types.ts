/** What the composing stage knows of a scene, and what a receiver is to see of it. */
import type { SceneLayout } from '../../contract/stage.ts';

/** Somebody in the conference, with or without a picture. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly kind: 'site' | 'browser';
  readonly muted: boolean;
  /** Asks to speak. */
  readonly handRaised: boolean;
  /** What it is shown while the layout is `auto`. */
  readonly layout?: SceneLayout;
}

/** A camera, or slides somebody shows; slides have an id of their own. */
export interface PictureFacts {
  /** Whether pictures come and can be decoded. */
  readonly isLive: boolean;
  readonly content: boolean;
  /** What a tile says where nobody in `people` has this id: of slides, who shows them. */
  readonly name?: string;
}

/** Who speaks and who waits to, as it is written now. */
export interface FloorLine {
  readonly text: string;
  /** Beside it: what is counted, and as `mm:ss`. */
  readonly time?: { readonly label: string; readonly clock: string; readonly isOver: boolean };
}

export interface SceneFacts {
  /** Of the conference. */
  readonly title: string;
  /** In the order they came. */
  readonly people: readonly Person[];
  /** By participant id; a later one came later. */
  readonly pictures: ReadonlyMap<string, PictureFacts>;
  /** Latest first. */
  readonly speakerIds: readonly string[];
  /** Who speaks right now; the latest speaker when not said. */
  readonly talkingIds?: ReadonlySet<string>;
  /** Whose line is poor. */
  readonly poorIds: ReadonlySet<string>;
  /** Across all pictures. */
  readonly message?: string;
  /** Above all pictures. */
  readonly floorLine?: FloorLine;
  readonly layout: SceneLayout;
  readonly hqId?: string;
  readonly pinnedId?: string;
  /** Most tiles of a grid. */
  readonly gridSize?: GridSize;
}

export const GRID_SIZES = [1, 4, 9, 16, 25] as const;
export type GridSize = (typeof GRID_SIZES)[number];

/** Who sits where; `null` is an empty place. */
export type Seats = readonly (string | null)[];

/**
 * What a scene remembers from one change to the next, so that tiles stay where they are.
 * One for all receivers.
 */
export interface Arrangement {
  /**
   * Whom the large places are for, best first. A receiver has the first that is not itself, so
   * that a scene has two views: that of the one in the large place, and everybody else's.
   */
  readonly largeIds: readonly string[];
  /** As long as the grid has tiles. */
  readonly grid: Seats;
  /** The small tiles beside the large places; has no holes. */
  readonly strip: Seats;
  /** Whom HQ sees in a lecture, and since when. */
  readonly turn?: { readonly participantId: string; readonly sinceMs: number };
}

export interface TileMarks {
  readonly speaking: boolean;
  readonly muted: boolean;
  readonly handRaised: boolean;
  readonly poorLine: boolean;
  readonly noPicture: boolean;
}

/** Who is in a tile, and what is written on it. */
export interface TileSubject {
  readonly participantId: string;
  readonly name: string;
  readonly marks: TileMarks;
}

export interface TileContent extends TileSubject {
  /** Index into the layout's rectangles; 0 is the large place where there is one. */
  readonly slot: number;
}

export type TileLayout = 'speaker' | 'grid' | 'content' | 'hq-speaker';

export interface TilesView {
  readonly kind: 'tiles';
  readonly layout: TileLayout;
  /** Rectangles of the layout; more than `tiles` where places are empty. */
  readonly slotCount: number;
  /** By slot, which is the largest first. */
  readonly tiles: readonly TileContent[];
}

/** One picture and nothing else. */
export interface FullView extends TileSubject {
  readonly kind: 'full';
}

/** What one receiver is to see; the slate when there is nobody to be seen. */
export type View = { readonly kind: 'slate' } | FullView | TilesView;

/**
 * Canonical text of an arrangement: receivers with equal keys can share one composition. Names
 * and marks are not part of it, so that muting somebody moves nobody to another canvas.
 */
export function viewKey(view: View): string {
  switch (view.kind) {
    case 'slate':
      return 'slate';
    case 'full':
      return `full ${JSON.stringify(view.participantId)}`;
    case 'tiles': {
      const places = view.tiles.map(tile => [tile.slot, tile.participantId]);
      return `${view.layout}/${view.slotCount} ${JSON.stringify(places)}`;
    }
  }
}

/** Whom a view shows, the largest first. */
export function shownIds(view: View): string[] {
  if (view.kind === 'tiles') return view.tiles.map(tile => tile.participantId);
  return view.kind === 'full' ? [view.participantId] : [];
}

/** Width to height of one pixel on the screen. */
export interface PixelAspect {
  readonly num: number;
  readonly den: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Square when not said. */
  readonly pixelAspect?: PixelAspect;
}
