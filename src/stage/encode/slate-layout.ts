export interface SlateText {
  /** Large, above the rest. */
  readonly title: string;
  /** Smaller, below it. */
  readonly lines: readonly string[];
}

export interface SlateSize {
  readonly width: number;
  readonly height: number;
  /** H.264 level, as x264 writes it. */
  readonly level: string;
}

const MAX_TITLE_LENGTH = 80;
const MAX_LINE_LENGTH = 30;
const MIN_FONT_SIZE = 8;
const LINE_SPACING = 1.5;

/** One line of text, centred. */
export interface Line {
  readonly text: string;
  readonly fontSize: number;
  readonly color: string;
  readonly y: number;
}

/** The lines of a slate, from the top: the title in one or two, the rest below. */
export function layOut(text: SlateText, { width, height }: SlateSize): Line[] {
  const titles = broken(oneLine(text.title));
  const longest = Math.max(...titles.map(title => title.length));
  const titleSize = fitted(longest, width, Math.round(height / 9));
  const lineSize = Math.round(height / 18);
  const top = height * 0.44 - titles.length * titleSize * LINE_SPACING;
  return [
    ...titles.map((title, index) => ({
      text: title,
      fontSize: titleSize,
      color: 'white',
      y: Math.round(top + index * titleSize * LINE_SPACING),
    })),
    ...text.lines.map((line, index) => ({
      text: line,
      fontSize: fitted(line.length, width, lineSize),
      color: '0xcbd5e1',
      y: Math.round(height * 0.54 + index * lineSize * LINE_SPACING),
    })),
  ];
}

/** A long title in two lines, as even as its words allow. */
function broken(title: string): string[] {
  if (title.length <= MAX_LINE_LENGTH) return [title];
  const middle = title.length / 2;
  const spaces = [...title.matchAll(/ /g)].map(match => match.index);
  const nearest = spaces.reduce(
    (best, at) => (Math.abs(at - middle) < Math.abs(best - middle) ? at : best),
    Number.POSITIVE_INFINITY,
  );
  if (!Number.isFinite(nearest)) return [title];
  return [title.slice(0, nearest), title.slice(nearest + 1)];
}

/** A title is what somebody typed: letters composed, controls out, not endless. */
function oneLine(title: string): string {
  const clean = title
    .normalize('NFC')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  const letters = [...clean];
  if (letters.length <= MAX_TITLE_LENGTH) return clean;
  return `${letters.slice(0, MAX_TITLE_LENGTH - 1).join('')}…`;
}

/** A letter is on average 0.6 of its size wide; long names get smaller ones. */
function fitted(length: number, width: number, fontSize: number): number {
  const widest = Math.floor((width * 0.92) / (Math.max(1, length) * 0.6));
  return Math.max(MIN_FONT_SIZE, Math.min(fontSize, widest));
}
