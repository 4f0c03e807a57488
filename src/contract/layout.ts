/** How halls see a conference; shared by the stage, REST and the store. */
import { z } from 'zod';

/**
 * How a conference is shown to halls. `auto` chooses: slides when there are some, one large
 * picture when there are two participants, else the speaker with the others in a strip.
 */
export const SceneLayout = z.enum(['auto', 'speaker', 'grid', 'lecture', 'hq-speaker', 'full']);
export type SceneLayout = z.infer<typeof SceneLayout>;

/** Most tiles of a grid. */
export const GridSize = z.union(
  [z.literal(1), z.literal(4), z.literal(9), z.literal(16), z.literal(25)],
  { error: 'must be 1, 4, 9, 16 or 25' },
);
export type GridSize = z.infer<typeof GridSize>;
