/** What one receiver sees of an arrangement. */
import { largePlaces } from './arrangement.ts';
import { hasPicture, liveCameraIds, slidesId, tileSubject } from './facts.ts';
import type { Arrangement, SceneFacts, Seats, TileLayout, View } from './types.ts';

const SLATE: View = { kind: 'slate' };

/** What is asked of each layout: a receiver, the facts, and the arrangement made of the same facts. */
type Composer = (receiverId: string, facts: SceneFacts, arrangement: Arrangement) => View;

const COMPOSERS: Record<SceneFacts['layout'], Composer> = {
  auto: autoView,
  speaker: speakerView,
  grid: gridView,
  lecture: lectureView,
  'hq-speaker': speakerView,
  full: fullView,
};

/**
 * What a receiver is to see: slides, as long as somebody shows some and nobody else is pinned,
 * else what the layout says. It need not be in the scene itself: one that is not sees what
 * everybody sees who is in no large place.
 */
export function viewFor(receiverId: string, facts: SceneFacts, arrangement: Arrangement): View {
  const slides = slidesId(facts);
  const isPinnedElse = facts.pinnedId !== undefined && facts.pinnedId !== slides;
  if (slides !== undefined && !(isPinnedElse && hasPicture(facts, facts.pinnedId ?? '')))
    return contentView(slides, facts, arrangement);
  return COMPOSERS[layoutFor(receiverId, facts)](receiverId, facts, arrangement);
}

/** What a hall prefers counts where the conference leaves it open. */
function layoutFor(receiverId: string, { layout, people }: SceneFacts): SceneFacts['layout'] {
  if (layout !== 'auto') return layout;
  return people.find(({ id }) => id === receiverId)?.layout ?? layout;
}

/** The other one of two, else the speaker, else all alike. */
function autoView(receiverId: string, facts: SceneFacts, arrangement: Arrangement): View {
  const others = liveCameraIds(facts).filter(id => id !== receiverId);
  if (others.length < 2) return fullView(receiverId, facts, arrangement);
  const view = someoneStandsOut(facts) ? speakerView : gridView;
  return view(receiverId, facts, arrangement);
}

function someoneStandsOut(facts: SceneFacts): boolean {
  const { people, pictures, pinnedId, speakerIds } = facts;
  if (pinnedId !== undefined && hasPicture(facts, pinnedId)) return true;
  return speakerIds.some(id => pictures.has(id) || people.some(person => person.id === id));
}

/** One or two large places, and the strip that all receivers share but for who changes places. */
function speakerView(receiverId: string, facts: SceneFacts, arrangement: Arrangement): View {
  const large = largePlaces(facts, arrangement.largeIds, receiverId);
  if (large.length === 0) return SLATE;
  const usual = largePlaces(facts, arrangement.largeIds);
  const displaced = usual.filter(id => !large.includes(id));
  const strip = arrangement.strip.map(id =>
    id !== null && large.includes(id) ? (displaced.shift() ?? null) : id,
  );
  return tilesView(facts, large.length === 2 ? 'hq-speaker' : 'speaker', [...large, ...strip]);
}

/** The same for all; a grid of one tile would show somebody itself. */
function gridView(receiverId: string, facts: SceneFacts, arrangement: Arrangement): View {
  const { grid } = arrangement;
  if (grid.length < 2) return fullView(receiverId, facts, arrangement);
  return tilesView(facts, 'grid', grid);
}

function lectureView(receiverId: string, facts: SceneFacts, arrangement: Arrangement): View {
  const { hqId, pinnedId } = facts;
  const wanted = receiverId === hqId ? [pinnedId, arrangement.turn?.participantId] : [hqId];
  const shown = wanted.find(id => id !== undefined && id !== receiverId && hasPicture(facts, id));
  return shown === undefined
    ? fullView(receiverId, facts, arrangement)
    : { kind: 'full', ...tileSubject(facts, shown) };
}

function fullView(receiverId: string, facts: SceneFacts, { largeIds }: Arrangement): View {
  const id = largeIds.find(candidate => candidate !== receiverId);
  return id === undefined ? SLATE : { kind: 'full', ...tileSubject(facts, id) };
}

/** The same for all: whoever speaks sees itself small, beside the slides it speaks about. */
function contentView(slides: string, facts: SceneFacts, { largeIds }: Arrangement): View {
  const speaker = largeIds.find(id => !facts.pictures.get(id)?.content);
  return tilesView(facts, 'content', speaker === undefined ? [slides] : [slides, speaker]);
}

/** Who alone is left of a layout has all of the picture. */
function tilesView(facts: SceneFacts, layout: TileLayout, places: Seats): View {
  const tiles = places.flatMap((id, slot) =>
    id === null ? [] : [{ slot, ...tileSubject(facts, id) }],
  );
  const [first] = tiles;
  if (!first) return SLATE;
  if (tiles.length === 1) return { kind: 'full', ...tileSubject(facts, first.participantId) };
  return { kind: 'tiles', layout, slotCount: places.length, tiles };
}
