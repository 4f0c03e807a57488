/** Changes of how halls see the meeting, each leaving the rest as it is. Knows no React. */
import type { GridSize, SceneLayout } from '../../contract/layout.ts';
import type { LayoutInput, LayoutView } from '../../contract/rest.ts';

/** In the order they are offered. */
export const LAYOUTS: readonly SceneLayout[] = [
  'auto',
  'speaker',
  'grid',
  'lecture',
  'hq-speaker',
  'full',
];

export function withLayout(now: LayoutView, layout: SceneLayout): LayoutInput {
  return { ...now, layout };
}

/** Without a size, as many tiles as there are people. */
export function withGridSize(now: LayoutView, gridSize: GridSize | undefined): LayoutInput {
  const { gridSize: _before, ...kept } = now;
  return { ...kept, layout: 'grid', ...(gridSize !== undefined && { gridSize }) };
}

/** Leads in the place of whoever led before. */
export function withHq(now: LayoutView, hqParticipantId: string): LayoutInput {
  return { ...withoutHq(now), hqParticipantId };
}

export function withoutHq(now: LayoutView): LayoutInput {
  const { hqSiteId: _site, hqParticipantId: _participant, ...kept } = now;
  return kept;
}
