import { describe, expect, it } from 'vitest';
import { isSameOnTile } from '../../../src/web/room/same-tile.ts';
import { person } from './people.ts';

describe('a tile', () => {
  it('is the same when nothing changed but what it does not show', () => {
    expect(isSameOnTile(person('a'), { ...person('a'), joinedAtMs: 7, speaking: true })).toBe(true);
  });

  it.each([
    { muted: true },
    { poorLine: true },
    { hasVideo: false },
    { name: 'Another' },
    { chair: true },
    { alarms: ['no-sound' as const] },
  ])('is another with %o', change => {
    expect(isSameOnTile(person('a'), { ...person('a'), ...change })).toBe(false);
  });
});
