/** Sticky places: who has one keeps it as long as there is room for it. */
import { hasPicture, liveCameraIds } from './facts.ts';
import { GRID_SIZES, type SceneFacts, type Seats } from './types.ts';

/** Who may have a tile, in the order in which tiles are given out. */
interface Claim {
  readonly id: string;
  readonly need: Need;
  /** Place among the speakers, 0 is the latest. */
  readonly spoke: number;
  readonly isSeated: boolean;
}

/** A hall is waited for even without a picture; a browser without a camera is content to listen. */
type Need = 'picture' | 'empty-hall' | 'listener';
const NEEDS: readonly Need[] = ['picture', 'empty-hall', 'listener'];

/** The tiles of the grid: as few as hold everybody, and listeners where some are left over. */
export function seatGrid(facts: SceneFacts, before: Seats): Seats {
  const claims = claimsOf(facts, before);
  const needed = claims.filter(claim => claim.need !== 'listener').length;
  const size = gridSize(needed > 1 ? needed : claims.length, facts.gridSize);
  return takeSeats(before, idsOf(claims), size);
}

/** The small tiles: everybody who is not in a large place, up to so many. */
export function seatStrip(
  facts: SceneFacts,
  before: Seats,
  { largeIds, limit }: { largeIds: readonly string[]; limit: number },
): Seats {
  const ids = idsOf(claimsOf(facts, before)).filter(id => !largeIds.includes(id));
  return takeSeats(before, ids, Math.min(limit, ids.length));
}

/**
 * Gives out `count` places to the first of `ids`. Who had one keeps it; whom a smaller count or a
 * better claim left without one makes a hole, which newcomers fill from the left.
 */
export function takeSeats(before: Seats, ids: readonly string[], count: number): Seats {
  const waiting = new Set(ids.slice(0, count));
  const seats = Array.from({ length: count }, (_, index) => {
    const id = before[index] ?? null;
    return id !== null && waiting.delete(id) ? id : null;
  });
  const newcomers = waiting.values();
  return seats.map(id => id ?? newcomers.next().value ?? null);
}

function gridSize(people: number, most: number | undefined): number {
  const enough = GRID_SIZES.find(size => size >= people) ?? Math.max(...GRID_SIZES);
  return Math.min(enough, most ?? enough);
}

function idsOf(claims: readonly Claim[]): string[] {
  return claims.map(claim => claim.id);
}

/**
 * Best first. Who is seated comes before who is not, unless the other spoke later: so a new
 * speaker gets the place of whoever was silent longest, and nobody else moves.
 */
function claimsOf(facts: SceneFacts, seats: Seats): Claim[] {
  const seated = new Set(seats);
  const spoke = new Map(facts.speakerIds.map((id, index) => [id, index]));
  const claim = (id: string, need: Need): Claim => ({
    id,
    need,
    spoke: spoke.get(id) ?? Number.POSITIVE_INFINITY,
    isSeated: seated.has(id),
  });
  const live = liveCameraIds(facts);
  const unseen = facts.people.filter(person => !hasPicture(facts, person.id));
  return [
    ...live.map(id => claim(id, 'picture')),
    ...unseen.map(({ id, kind }) => claim(id, kind === 'site' ? 'empty-hall' : 'listener')),
  ].sort(byClaim);
}

function byClaim(a: Claim, b: Claim): number {
  return (
    NEEDS.indexOf(a.need) - NEEDS.indexOf(b.need) ||
    compare(a.spoke, b.spoke) ||
    Number(b.isSeated) - Number(a.isSeated)
  );
}

/** Infinity minus itself is no number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
