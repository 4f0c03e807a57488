/**
 * Where the tiles of a layout lie on a canvas, in pixels. All numbers are even, for the colours of
 * a picture have half its resolution (4:2:0), and tiles look 16:9 whatever shape a pixel has.
 */
import type { Canvas, PixelAspect, Rect, TileLayout } from './types.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What the layouts need of a canvas. */
interface Room extends Size {
  readonly gap: number;
  /** Width to height of a 16:9 tile, in pixels. */
  readonly tileRatio: number;
}

const TILE_RATIO = 16 / 9;
const SQUARE: PixelAspect = { num: 1, den: 1 };
const SMALL_CANVAS_HEIGHT = 400;
const GAP_PX = { small: 2, usual: 4 };

/** Strip tiles are as wide as if there were so many, so that a join leaves their size alone. */
const SPEAKER_STRIP_PLACES = 7;
const HQ_STRIP = { columns: 4, rows: 2 };
/** Of the canvas' width. */
const SLIDES_SHARE = 0.75;

const LAYOUTS: Record<TileLayout, (count: number, room: Room) => Rect[]> = {
  grid,
  speaker,
  content,
  'hq-speaker': hqSpeaker,
};

/** One rectangle for each slot of a layout; a single one is all of the canvas. */
export function rectanglesFor(layout: TileLayout, slotCount: number, canvas: Canvas): Rect[] {
  if (slotCount < 1) return [];
  if (slotCount === 1) return [{ x: 0, y: 0, ...evenSize(canvas) }];
  const gap = canvas.height < SMALL_CANVAS_HEIGHT ? GAP_PX.small : GAP_PX.usual;
  const tileRatio = TILE_RATIO / ratioOf(canvas.pixelAspect ?? SQUARE);
  return LAYOUTS[layout](slotCount, { ...evenSize(canvas), gap, tileRatio });
}

/** What a picture's pixels are taken for when its stream does not say: CIF and its kin are shown 4:3. */
export function usualPixelAspect({ width, height }: Size): PixelAspect {
  const isCifKin = width * 288 === height * 352 && width <= 1408;
  return isCifKin ? { num: 12, den: 11 } : SQUARE;
}

/**
 *  ┌───┬───┬───┐
 *  ├───┼───┼───┤
 *  ├───┼───┼───┤
 *  └───┴───┴───┘
 */
function grid(count: number, room: Room): Rect[] {
  const side = Math.ceil(Math.sqrt(count));
  const share = { width: part(room.width, side, room), height: part(room.height, side, room) };
  const tile = tileWithin(share, room);
  const top = even((room.height - stacked(tile.height, side, room)) / 2);
  return rows(count, { columns: side, tile, top, centredOn: side }, room);
}

/**
 *  ┌───────────┐
 *  │           │
 *  │           │
 *  └─┬─┬─┬─┬─┬─┘
 *    └─┴─┴─┴─┘
 */
function speaker(count: number, room: Room): Rect[] {
  const small = count - 1;
  const places = Math.max(SPEAKER_STRIP_PLACES, small);
  const share = { width: part(room.width, places, room), height: room.height / 4 };
  const tile = tileWithin(share, room);
  const large = tileWithin(
    { width: room.width, height: room.height - tile.height - room.gap },
    room,
  );
  const top = even((room.height - large.height - room.gap - tile.height) / 2);
  const below = top + large.height + room.gap;
  return [
    { x: even((room.width - large.width) / 2), y: top, ...large },
    ...rows(small, { columns: places, tile, top: below, centredOn: small }, room),
  ];
}

/**
 *  ┌─────────┬─┐
 *  │         ├─┘
 *  │         │
 *  └─────────┘
 */
function content(count: number, room: Room): Rect[] {
  const width = even((room.width - room.gap) * SLIDES_SHARE);
  const column = {
    width: room.width - room.gap - width,
    height: part(room.height, count - 1, room),
  };
  const tile = tileWithin(column, room);
  return [
    { x: 0, y: 0, width, height: room.height },
    ...Array.from({ length: count - 1 }, (_, index) => ({
      x: width + room.gap,
      y: index * (tile.height + room.gap),
      ...tile,
    })),
  ];
}

/**
 *  ┌─────┬─────┐
 *  │     │     │
 *  ├──┬──┼──┬──┤
 *  ├──┼──┼──┼──┤
 *  └──┴──┴──┴──┘
 */
function hqSpeaker(count: number, room: Room): Rect[] {
  const small = Math.max(0, count - 2);
  const large = tileWithin({ width: part(room.width, 2, room), height: room.height / 2 }, room);
  const columns = Math.max(HQ_STRIP.columns, Math.ceil(small / HQ_STRIP.rows));
  const left = room.height - large.height - room.gap;
  const share = { width: part(room.width, columns, room), height: part(left, HQ_STRIP.rows, room) };
  const tile = tileWithin(share, room);
  const used = Math.ceil(small / columns);
  const height = large.height + used * (tile.height + room.gap);
  const top = even((room.height - height) / 2);
  const below = top + large.height + room.gap;
  return [
    ...rows(2, { columns: 2, tile: large, top, centredOn: 2 }, room),
    ...rows(small, { columns, tile, top: below, centredOn: Math.min(small, columns) }, room),
  ];
}

/** Tiles from the left and the top, the rows in the middle as if each had `centredOn` tiles. */
function rows(
  count: number,
  at: {
    readonly columns: number;
    readonly tile: Size;
    readonly top: number;
    readonly centredOn: number;
  },
  room: Room,
): Rect[] {
  const left = even((room.width - stacked(at.tile.width, at.centredOn, room)) / 2);
  return Array.from({ length: count }, (_, index) => ({
    x: left + (index % at.columns) * (at.tile.width + room.gap),
    y: at.top + Math.floor(index / at.columns) * (at.tile.height + room.gap),
    ...at.tile,
  }));
}

/** What each of `count` has of a length, gaps between them. */
function part(length: number, count: number, { gap }: Room): number {
  return (length - (count - 1) * gap) / count;
}

/** How long `count` of a length are, gaps between them. */
function stacked(length: number, count: number, { gap }: Room): number {
  return count * length + (count - 1) * gap;
}

/** The largest 16:9 tile in a space. */
function tileWithin(space: Size, { tileRatio }: Room): Size {
  const width = Math.min(space.width, space.height * tileRatio);
  return evenSize({ width, height: width / tileRatio });
}

function evenSize({ width, height }: Size): Size {
  return { width: even(width), height: even(height) };
}

/** Downward. */
function even(length: number): number {
  return Math.max(0, 2 * Math.floor(length / 2));
}

function ratioOf({ num, den }: PixelAspect): number {
  return num > 0 && den > 0 ? num / den : 1;
}
