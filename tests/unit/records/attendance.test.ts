import { describe, expect, it } from 'vitest';
import type { Presence } from '../../../src/contract/records.ts';
import { allGone, BACK_WITHIN_MS, withComings } from '../../../src/records/attendance.ts';
import { aParticipant } from '../../fakes/fake-record-rooms.ts';

const LAN = aParticipant('p1', 'Chị Lan', { joinedAtMs: 1_000 });
const TAN_PHU = aParticipant('p2', 'Xã Tân Phú', { siteId: 's1', joinedAtMs: 2_000 });

describe('who came and went', () => {
  it('is a line for each, in the order they came', () => {
    const known = withComings([], [LAN], 5_000);
    expect(withComings(known, [LAN, TAN_PHU], 6_000)).toEqual([
      { id: 'p1', kind: 'person', name: 'Chị Lan', cameAtMs: 1_000 },
      { id: 'p2', kind: 'site', name: 'Xã Tân Phú', cameAtMs: 2_000 },
    ]);
  });

  it('is the same array while nobody comes or goes', () => {
    const known = withComings([], [LAN], 5_000);
    expect(withComings(known, [{ ...LAN, speaking: true }], 6_000)).toBe(known);
  });

  it('has when somebody went, and another line when they come again later', () => {
    const gone = withComings(withComings([], [LAN], 5_000), [], 7_000);
    expect(gone).toMatchObject([{ wentAtMs: 7_000 }]);
    const joinedAtMs = 8_000 + BACK_WITHIN_MS;
    const again = aParticipant('p3', 'Chị Lan', { joinedAtMs });
    expect(withComings(gone, [again], joinedAtMs)).toMatchObject([
      { id: 'p1', wentAtMs: 7_000 },
      { id: 'p3', cameAtMs: joinedAtMs },
    ]);
  });

  it.each([
    ['who is back soon was not away', 'Chị Lan', 1],
    ['somebody else who comes soon is another', 'Anh Hùng', 2],
  ])('%s', (_, name, lines) => {
    const gone = withComings(withComings([], [LAN], 5_000), [], 7_000);
    const again = aParticipant('p3', name, { joinedAtMs: 9_000 });
    const now = withComings(gone, [again], 9_000);
    expect(now).toHaveLength(lines);
    expect(now.at(-1)).not.toHaveProperty('wentAtMs');
    expect(withComings(now, [], 20_000).at(-1)).toMatchObject({ id: 'p3', wentAtMs: 20_000 });
  });

  it('the old and the new connection of somebody in one look are one line', () => {
    const known = withComings([], [LAN], 5_000);
    const now = withComings(known, [{ ...LAN, id: aParticipant('p9', '').id }], 6_000);
    expect(now).toEqual([{ id: 'p9', kind: 'person', name: 'Chị Lan', cameAtMs: 1_000 }]);
  });

  it('ends for all with the meeting', () => {
    const known: Presence[] = [
      { id: 'p1', kind: 'person', name: 'Chị Lan', cameAtMs: 1, wentAtMs: 2 },
      { id: 'p2', kind: 'site', name: 'Xã Tân Phú', cameAtMs: 1 },
    ];
    expect(allGone(known, 9).map(({ wentAtMs }) => wentAtMs)).toEqual([2, 9]);
  });

  it('stays within bounds on a line that comes and goes all day', () => {
    const known = Array.from({ length: 4_999 }, (_, at): Presence => {
      return { id: `p${at}`, kind: 'site', name: 'Xã Tân Phú', cameAtMs: at, wentAtMs: at };
    });
    const nowMs = 10 * BACK_WITHIN_MS;
    const full = withComings(known, [TAN_PHU], nowMs);
    expect(full).toHaveLength(5_000);
    expect(withComings(full, [TAN_PHU, LAN], nowMs)).toBe(full);
  });
});
