/** Clocks put together from figures that are drawn once: a new time every second costs no drawing. */
import type { Stencil } from './paint.ts';

/** To be drawn as one text, so that all stand on one line; spaces keep them apart. */
export const FIGURES = '0 1 2 3 4 5 6 7 8 9 :';
const NAMES = FIGURES.replaceAll(' ', '');
/** Darker than this share of the ink is still ground. */
const INK_SHARE = 0.1;

/** Columns of the drawn text. */
interface Figure {
  readonly from: number;
  readonly to: number;
}

/** The figures within their text, by what they are; undefined when they cannot be told apart. */
export function figuresIn(
  { width, height, luma }: Stencil,
  { ground, ink }: { readonly ground: number; readonly ink: number },
): ReadonlyMap<string, Figure> | undefined {
  const least = Math.abs(ink - ground) * INK_SHARE;
  const figures: Figure[] = [];
  let from: number | undefined;
  for (let column = 0; column <= width; column += 1) {
    const isInk = column < width && hasInk(column);
    if (isInk) from ??= column;
    else if (from !== undefined) {
      figures.push({ from, to: column });
      from = undefined;
    }
  }
  if (figures.length !== NAMES.length) return undefined;
  return new Map(figures.map((figure, index) => [NAMES[index] ?? '', figure]));

  function hasInk(column: number): boolean {
    for (let row = 0; row < height; row += 1)
      if (Math.abs((luma[row * width + column] ?? ground) - ground) > least) return true;
    return false;
  }
}

/** A clock in these figures, each digit as wide as the widest, so that nothing jumps. */
export function clockStencil(
  clock: string,
  drawn: Stencil,
  figures: ReadonlyMap<string, Figure>,
  { ground, gap }: { readonly ground: number; readonly gap: number },
): Stencil {
  const widthOf = ({ from, to }: Figure) => to - from;
  const digits = [...figures].filter(([name]) => name !== ':');
  const digitWidth = Math.max(...digits.map(([, figure]) => widthOf(figure)));
  const cells = [...clock].flatMap(name => {
    const figure = figures.get(name);
    return figure ? [{ figure, width: name === ':' ? widthOf(figure) : digitWidth }] : [];
  });
  const wide = cells.reduce((sum, cell) => sum + cell.width + gap, gap);
  const width = wide + (wide % 2);
  const luma = Buffer.alloc(width * drawn.height, ground);
  let x = gap;
  for (const { figure, width: cellWidth } of cells) {
    const at = x + ((cellWidth - widthOf(figure)) >> 1);
    for (let row = 0; row < drawn.height; row += 1) {
      const start = row * drawn.width;
      drawn.luma.copy(luma, row * width + at, start + figure.from, start + figure.to);
    }
    x += cellWidth + gap;
  }
  return { width, height: drawn.height, luma };
}
