/** From what a receiver is to see to rectangles and words on a canvas. */
import { type Painting, type Tile, UNMARKED } from '../compose/protocol.ts';
import { rectanglesFor } from '../layout/rectangles.ts';
import type { Canvas, TileSubject, View } from '../layout/types.ts';

const NO_PICTURE = ['Không có hình', 'No picture'];
/** Small tiles have room for the name alone. */
const MIN_HEIGHT_FOR_WORDS = 120;

export interface SlateWords {
  readonly title: string;
  readonly lines: readonly string[];
}

/** @param names whether they are written into pictures */
export function paintingOf(view: View, canvas: Canvas, slate: SlateWords, names = true): Painting {
  const whole = { x: 0, y: 0, width: canvas.width, height: canvas.height };
  switch (view.kind) {
    case 'slate': {
      const { title, lines } = slate;
      return { tiles: [{ rect: whole, name: title, lines, labelled: true, marks: UNMARKED }] };
    }
    case 'full':
      return { tiles: [tileOf(view, whole, { names, framed: false })] };
    case 'tiles': {
      const { layout, slotCount } = view;
      const rectangles = rectanglesFor(layout, slotCount, canvas);
      return {
        tiles: view.tiles.flatMap(tile => {
          const rect = rectangles[tile.slot];
          // Who is large is the speaker: a frame would say nothing more.
          const framed = layout === 'grid' || tile.slot > 0;
          return rect ? [tileOf(tile, rect, { names, framed })] : [];
        }),
      };
    }
  }
}

function tileOf(
  { participantId, name, marks }: TileSubject,
  rect: Tile['rect'],
  look: { readonly names: boolean; readonly framed: boolean },
): Tile {
  const { noPicture, ...shown } = marks;
  return {
    rect,
    name,
    ...(noPicture
      ? { lines: rect.height >= MIN_HEIGHT_FOR_WORDS ? NO_PICTURE : [] }
      : { sourceId: participantId }),
    labelled: look.names,
    marks: { ...shown, speaking: shown.speaking && look.framed },
  };
}
