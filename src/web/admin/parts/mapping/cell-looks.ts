import type { Cell } from '../../lib/mapping.ts';

/** The sign of what a site is in a conference; words stand beside it for those who listen. */
export const CELL_LOOKS: Record<Cell, string> = { none: '', site: '●', hq: '★', observer: '◐' };
