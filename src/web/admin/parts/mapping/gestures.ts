import type { Cell, CellPlace, Mapping } from '../../lib/mapping.ts';

const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
};
const KEYS: Readonly<Record<string, Cell>> = {
  h: 'hq',
  o: 'observer',
  s: 'site',
  Delete: 'none',
  Backspace: 'none',
};

/**
 * Mouse, finger and keys on the mapping's cells. A stroke makes of every cell it passes what it
 * made of its first: set, or cleared when it was set already.
 */
export class MatrixGestures {
  brush: Cell = 'site';
  readonly #mapping: Mapping;
  #stroke: Cell | undefined;

  constructor(mapping: Mapping) {
    this.#mapping = mapping;
  }

  /** Listens on a table; gives its undo. */
  attach(table: HTMLTableElement): () => void {
    const ends = new AbortController();
    const { signal } = ends;
    const on = <K extends keyof HTMLElementEventMap>(
      name: K,
      listener: (event: HTMLElementEventMap[K]) => void,
    ) => table.addEventListener(name, listener, { signal });
    on('pointerdown', event => this.#pressed(event));
    on('pointerover', event => this.#passed(event));
    on('click', event => this.#clicked(event));
    on('keydown', event => this.#typed(event));
    on('focusin', event => keepTabStop(table, event.target));
    window.addEventListener('pointerup', () => this.#lift(), { signal });
    window.addEventListener('pointercancel', () => this.#lift(), { signal });
    return () => ends.abort();
  }

  #pressed(event: PointerEvent): void {
    const cell = cellOf(event.target);
    if (!cell || event.button !== 0 || event.pointerType === 'touch') return;
    this.#stroke = this.#turned(placeOf(cell));
    this.#mapping.paint([placeOf(cell)], this.#stroke);
  }

  #passed(event: PointerEvent): void {
    const cell = cellOf(event.target);
    if (!cell || this.#stroke === undefined) return;
    this.#mapping.paint([placeOf(cell)], this.#stroke, true);
  }

  #lift(): void {
    this.#stroke = undefined;
  }

  /** A finger: it may also have come to scroll, so only a tap counts. */
  #clicked(event: MouseEvent): void {
    const cell = cellOf(event.target);
    const isTouch = event instanceof PointerEvent && event.pointerType === 'touch';
    if (cell && isTouch) this.#mapping.paint([placeOf(cell)], this.#turned(placeOf(cell)));
  }

  #typed(event: KeyboardEvent): void {
    const cell = cellOf(event.target);
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    const isSet = event.key === ' ' || event.key === 'Enter';
    const made = isSet ? this.#turned(placeOf(cell)) : KEYS[event.key];
    if (!step && made === undefined) return;
    event.preventDefault();
    if (made !== undefined) this.#mapping.paint([placeOf(cell)], made);
    if (!step) return;
    const next = neighbour(cell, step);
    next?.focus();
    if (event.shiftKey && next)
      this.#mapping.paint([placeOf(next)], this.#mapping.cellAt(placeOf(cell)));
  }

  #turned(place: CellPlace): Cell {
    return this.#mapping.cellAt(place) === this.brush ? 'none' : this.brush;
  }
}

function cellOf(target: EventTarget | null): HTMLElement | undefined {
  const cell = target instanceof Element ? target.closest('td[data-site]') : null;
  return cell instanceof HTMLElement ? cell : undefined;
}

function placeOf({ dataset }: HTMLElement): CellPlace {
  return { conferenceId: dataset.conference ?? '', siteId: dataset.site ?? '' };
}

function neighbour(cell: HTMLElement, [rows, columns]: readonly [number, number]) {
  const table = cell.closest('table');
  const count = table?.tBodies[0]?.rows.length ?? 0;
  const row = Math.min(count - 1, Math.max(0, Number(cell.dataset.row) + rows));
  const column = Number(cell.dataset.column) + columns;
  return table?.querySelector<HTMLElement>(`td[data-row="${row}"][data-column="${column}"]`);
}

/** One cell is reached by Tab: where one was last. */
function keepTabStop(table: HTMLTableElement, target: EventTarget | null): void {
  const cell = cellOf(target);
  if (!cell) return;
  for (const one of table.querySelectorAll<HTMLElement>('td[tabindex="0"]')) one.tabIndex = -1;
  cell.tabIndex = 0;
}
