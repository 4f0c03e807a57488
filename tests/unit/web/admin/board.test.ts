import { describe, expect, it } from 'vitest';
import type { MeetingSiteView, MeetingView } from '../../../../src/contract/meetings.ts';
import type { ParticipantDetailView } from '../../../../src/contract/rest.ts';
import { diallingOf, filtered, isInTrouble, tilesOf } from '../../../../src/web/admin/lib/board.ts';
import { Snapshots } from '../../../../src/web/admin/lib/snapshots.ts';

const site = (siteId: string, more: Partial<MeetingSiteView> = {}): MeetingSiteView => ({
  ...{ siteId, name: siteId, role: 'site', state: 'connected', sinceMs: 0, attempts: 1 },
  ...more,
});
const meeting = (...sites: MeetingSiteView[]): MeetingView => ({
  ...{ id: 'm', conferenceId: 'k', conferenceName: 'Giao ban', state: 'running' },
  ...{ startedBy: 'Lan', startedAtMs: 0, locked: false, sites },
});
const person = (id: string, more: Partial<ParticipantDetailView> = {}): ParticipantDetailView => ({
  ...{ id, kind: 'endpoint', name: id, joinedAtMs: 0, hasAudio: true, hasVideo: true },
  ...{
    muted: false,
    speaking: false,
    poorLine: false,
    alarms: [],
    sharing: false,
    chair: false,
    handRaised: false,
    away: false,
  },
  ...more,
});

describe('the board', () => {
  it('has a tile for every site, the leading one first, and for everybody else who is there', () => {
    const tiles = tilesOf(
      meeting(site('a', { state: 'failed' }), site('b', { role: 'hq', participantId: 'p1' })),
      [person('p1', { siteId: 'b' }), person('lan', { kind: 'browser' })],
    );
    expect(tiles.map(({ name, state }) => [name, state])).toEqual([
      ['b', 'connected'],
      ['a', 'failed'],
      ['lan', 'connected'],
    ]);
  });

  it('shows a site that called by itself as there', () => {
    const [tile] = tilesOf(meeting(site('a', { state: 'not-called' })), [
      person('p', { siteId: 'a' }),
    ]);
    expect(tile?.state).toBe('connected');
  });

  it('names as in trouble who is not there, or there and not well', () => {
    const tiles = tilesOf(meeting(site('a', { state: 'failed' }), site('b'), site('c')), [
      person('p', { siteId: 'b', alarms: ['no-sound'] }),
      person('q', { siteId: 'c' }),
    ]);
    expect(tiles.filter(isInTrouble).map(({ key }) => key)).toEqual(['a', 'b']);
    expect(filtered(tiles, 'missing').map(({ key }) => key)).toEqual(['a']);
  });

  it('tells how far the calling is while somebody is still to be called', () => {
    const states = ['connected', 'failed', 'ringing', 'not-called'] as const;
    const under = meeting(...states.map((state, index) => site(String(index), { state })));
    expect(diallingOf(under)).toEqual({ done: 2, total: 3 });
    expect(diallingOf(meeting(site('a'), site('b', { state: 'failed' })))).toBeUndefined();
  });
});

describe('snapshots', () => {
  it('are taken of tiles in view only, two at once, the oldest first', async () => {
    let now = 0;
    const taken: string[] = [];
    const finish: (() => void)[] = [];
    const snapshots = new Snapshots({
      now: () => now,
      take: id => {
        taken.push(id);
        return new Promise(resolve => finish.push(() => resolve(`data:${id}`)));
      },
    });
    const settle = async () => {
      for (const one of finish.splice(0)) one();
      await new Promise(resolve => setTimeout(resolve));
    };
    for (const id of ['a', 'b', 'c', 'd']) snapshots.setInView(id, true);
    snapshots.setInView('d', false);
    snapshots.tick();
    snapshots.tick();
    expect(taken).toEqual(['a', 'b']);
    await settle();
    now += 1000;
    snapshots.tick();
    expect(taken).toEqual(['a', 'b', 'c']);
    await settle();
    now += 6000;
    snapshots.tick();
    expect(taken.slice(3)).toEqual(['a', 'b']);
    expect(snapshots.store.get().pictures.get('c')?.url).toBe('data:c');
  });

  it('go on when one cannot be taken', async () => {
    const snapshots = new Snapshots({ now: () => 0, take: () => Promise.reject(new Error('no')) });
    snapshots.setInView('a', true);
    snapshots.tick();
    await new Promise(resolve => setTimeout(resolve));
    expect(snapshots.store.get().without.has('a')).toBe(true);
  });
});
