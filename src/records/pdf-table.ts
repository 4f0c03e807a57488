/** A table over pages, with its heading on each. */

export interface TableColumn {
  readonly name: string;
  /** In points. */
  readonly width: number;
}

export interface Table {
  readonly left: number;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[])[];
}

const FONT_SIZE = 9;
const PADDING = 4;
const LINE_COLOUR = '#999999';
const HEAD_COLOUR = '#e6eaf0';

type Document = PDFKit.PDFDocument;
/** Names under which the document knows its fonts. */
type Style = 'text' | 'bold';

/** Begins at the document's place, and leaves it below the last row. */
export function drawTable(document: Document, { left, columns, rows }: Table): void {
  const heading = columns.map(({ name }) => name);
  const draw = (cells: readonly string[], style: Style) =>
    drawRow(document, { left, columns, cells, style });
  draw(heading, 'bold');
  for (const cells of rows) {
    if (!fits(document, heightOf(document, columns, cells, 'text'))) {
      document.addPage();
      draw(heading, 'bold');
    }
    draw(cells, 'text');
  }
  document.x = left;
}

interface Row {
  readonly left: number;
  readonly columns: readonly TableColumn[];
  readonly cells: readonly string[];
  readonly style: Style;
}

function drawRow(document: Document, { left, columns, cells, style }: Row): void {
  const top = document.y;
  const height = heightOf(document, columns, cells, style);
  let x = left;
  for (const [index, { width }] of columns.entries()) {
    document.rect(x, top, width, height);
    if (style === 'bold') document.fillAndStroke(HEAD_COLOUR, LINE_COLOUR);
    else document.stroke(LINE_COLOUR);
    document
      .fillColor('black')
      .text(cells[index] ?? '', x + PADDING, top + PADDING, { width: width - 2 * PADDING });
    x += width;
  }
  document.y = top + height;
}

function heightOf(
  document: Document,
  columns: readonly TableColumn[],
  cells: readonly string[],
  style: Style,
): number {
  document.font(style).fontSize(FONT_SIZE);
  const heights = columns.map(({ width }, index) =>
    document.heightOfString(cells[index] || ' ', { width: width - 2 * PADDING }),
  );
  return Math.max(...heights) + 2 * PADDING;
}

function fits(document: Document, height: number): boolean {
  return document.y + height <= document.page.height - document.page.margins.bottom;
}
