import type { StageOrder } from '../../contract/stage.ts';
import type { Person, SceneFacts } from '../layout/types.ts';
import { type FloorStanding, floorLine } from './floor-line.ts';
import type { Source } from './source.ts';

/** What the gateway has said of a scene. */
export interface Known {
  readonly title: string;
  readonly speakerIds: readonly string[];
  readonly people: StageOrder<'scene.people'>['people'];
  /** Across all pictures; '' and undefined are none. */
  readonly message?: string;
  /** Undefined when nobody has the floor or waits for it. */
  readonly floor?: FloorStanding | undefined;
  readonly layout: Omit<StageOrder<'scene.layout'>, 'sceneId'>;
}

/** Somebody with a camera, or slides. */
interface Pictured {
  readonly id: string;
  readonly name: string;
  readonly kind: 'endpoint' | 'browser';
  readonly isContent: boolean;
  readonly source: Source;
}

/** A line that loses more is called poor on the screens. */
const POOR_LOSS_RATIO = 0.05;

/** What is known of a scene, for its layout. Who has a camera is there, whatever was said of people. */
export function factsOf(
  members: readonly Pictured[],
  { title, speakerIds, people, layout, message, floor }: Known,
  atMs: number,
): SceneFacts {
  const known = new Set(people.map(({ participantId }) => participantId));
  const strangers = members.filter(({ id, isContent }) => !known.has(id) && !isContent);
  const poor = members.filter(({ source }) => source.stream.lossRatio > POOR_LOSS_RATIO);
  const { hqId, pinnedId, gridSize } = layout;
  return {
    title,
    people: [
      ...people.map(({ participantId: id, layout: own, ...person }) => ({
        id,
        ...person,
        ...(own && { layout: own }),
      })),
      ...strangers.map(stranger),
    ],
    pictures: new Map(
      members.map(({ id, name, isContent, source }) => [
        id,
        { isLive: source.isLive(atMs), content: isContent, name },
      ]),
    ),
    speakerIds,
    poorIds: new Set(poor.map(({ id }) => id)),
    layout: layout.layout,
    ...(message && { message }),
    ...(floor && { floorLine: floorLine(floor, atMs) }),
    ...(hqId !== undefined && { hqId }),
    ...(pinnedId !== undefined && { pinnedId }),
    ...(gridSize !== undefined && { gridSize }),
  };
}

function stranger({ id, name, kind }: Pictured): Person {
  return {
    id,
    name,
    kind: kind === 'endpoint' ? 'site' : 'browser',
    muted: false,
    handRaised: false,
  };
}
