/** What a scene remembers of who is seen where: found anew at each change, moving as few as can be. */
import { hasPicture, liveCameraIds } from './facts.ts';
import { seatGrid, seatStrip } from './seats.ts';
import type { Arrangement, SceneFacts } from './types.ts';

/** How long HQ sees each site of a lecture. */
export const TURN_MS = 10_000;

/** Of `hq-speaker`, the widest: HQ's own view is of two others. */
const LARGE_PLACES_REMEMBERED = 3;
/** By how many large places the strip lies beside. */
const STRIP_LIMITS: Record<number, number> = { 1: 7, 2: 8 };

const NOTHING: Arrangement = { largeIds: [], grid: [], strip: [] };

/**
 * The arrangement after a change of the facts, or when a turn of a lecture is over. Once for
 * all receivers of the scene; `viewFor` tells what each of them sees of it.
 */
export function arrange(
  facts: SceneFacts,
  atMs: number,
  before: Arrangement = NOTHING,
): Arrangement {
  const largeIds = rankForLarge(facts, before.largeIds).slice(0, LARGE_PLACES_REMEMBERED);
  const taken = largePlaces(facts, largeIds);
  const limit = STRIP_LIMITS[taken.length] ?? 0;
  const turn = takeTurn(facts, atMs, before.turn);
  return {
    largeIds,
    grid: seatGrid(facts, before.grid),
    strip: seatStrip(facts, before.strip, { largeIds: taken, limit }),
    ...(turn && { turn }),
  };
}

/**
 * Who is in the large places of `speaker` or `hq-speaker`: one, or two beside each other. A
 * receiver is not in its own; without a receiver, those of everybody who is in none.
 */
export function largePlaces(
  facts: SceneFacts,
  largeIds: readonly string[],
  receiverId?: string,
): string[] {
  const others = largeIds.filter(id => id !== receiverId);
  const { hqId } = facts;
  if (facts.layout !== 'hq-speaker' || hqId === undefined || !hasPicture(facts, hqId)) {
    return others.slice(0, 1);
  }
  const pair = [...new Set([hqId, ...others])].filter(
    id => id !== receiverId && hasPicture(facts, id),
  );
  return pair.length > 0 ? pair.slice(0, 2) : others.slice(0, 1);
}

/**
 * The pinned one, who spoke last, who was shown last, who came first; nobody without a picture
 * before somebody with one, and without a picture only who has spoken or is pinned.
 */
function rankForLarge(facts: SceneFacts, shownBefore: readonly string[]): string[] {
  const people = new Set(facts.people.map(person => person.id));
  const asked = [...(facts.pinnedId === undefined ? [] : [facts.pinnedId]), ...facts.speakerIds];
  const wanted = [...asked, ...shownBefore, ...liveCameraIds(facts)];
  return [
    ...new Set([
      ...wanted.filter(id => mayBeLarge(facts, id)),
      ...asked.filter(id => people.has(id) && !hasPicture(facts, id)),
    ]),
  ];
}

/** Slides, other than in their own layout, only as long as they are pinned. */
function mayBeLarge(facts: SceneFacts, id: string): boolean {
  const picture = facts.pictures.get(id);
  return picture?.isLive === true && (!picture.content || id === facts.pinnedId);
}

function takeTurn(
  facts: SceneFacts,
  atMs: number,
  before: Arrangement['turn'],
): Arrangement['turn'] {
  if (facts.layout !== 'lecture' || facts.hqId === undefined) return undefined;
  const ids = takingTurns(facts);
  if (before && ids.includes(before.participantId) && atMs - before.sinceMs < TURN_MS) {
    return before;
  }
  const participantId = following(facts, ids, before?.participantId);
  return participantId === undefined ? undefined : { participantId, sinceMs: atMs };
}

/** The halls with a picture; browsers when there is no hall. */
function takingTurns(facts: SceneFacts): string[] {
  const others = liveCameraIds(facts).filter(id => id !== facts.hqId);
  const browsers = new Set(facts.people.filter(({ kind }) => kind === 'browser').map(p => p.id));
  const halls = others.filter(id => !browsers.has(id));
  return halls.length > 0 ? halls : others;
}

/** The next of `ids` in the order people came, the first again after the last. */
function following(
  facts: SceneFacts,
  ids: readonly string[],
  afterId: string | undefined,
): string | undefined {
  const order = [...new Set([...facts.people.map(person => person.id), ...ids])];
  const position = afterId === undefined ? -1 : order.indexOf(afterId);
  return order.slice(position + 1).find(id => ids.includes(id)) ?? ids[0];
}
