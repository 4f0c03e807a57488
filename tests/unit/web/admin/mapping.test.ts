import { beforeEach, describe, expect, it } from 'vitest';
import type { ConferenceView, Member } from '../../../../src/contract/conferences.ts';
import { Mapping } from '../../../../src/web/admin/lib/mapping.ts';

const member = (siteId: string, role: Member['role'] = 'site', dial: Member['dial'] = 'out') => ({
  ...{ siteId, role, dial },
});
// As much of a conference as the mapping looks at.
const conference = (id: string, members: Member[]) => ({ id, members }) as ConferenceView;
const at = (conferenceId: string, siteId: string) => ({ conferenceId, siteId });

describe('the mapping of sites to conferences', () => {
  let mapping: Mapping;

  beforeEach(() => {
    mapping = new Mapping();
    mapping.follow([
      conference('weekly', [member('a', 'hq'), member('b', 'site', 'in')]),
      conference('storm', []),
    ]);
  });

  it('saves everything painted as one change, and nothing else', () => {
    mapping.paint([at('storm', 'a'), at('storm', 'b')], 'site');
    mapping.paint([at('weekly', 'b')], 'none');
    expect(mapping.toInput()).toEqual({
      add: [
        { ...at('storm', 'a'), role: 'site', dial: 'out' },
        { ...at('storm', 'b'), role: 'site', dial: 'out' },
      ],
      remove: [at('weekly', 'b')],
    });
  });

  it('keeps who calls whom when only the role changes', () => {
    mapping.paint([at('weekly', 'b')], 'observer');
    expect(mapping.toInput().add).toEqual([{ ...at('weekly', 'b'), role: 'observer', dial: 'in' }]);
  });

  it('has one site that leads: the one before becomes a site like others, and is told first', () => {
    mapping.paint([at('weekly', 'b')], 'hq');
    expect(mapping.cellAt(at('weekly', 'a'))).toBe('site');
    expect(mapping.toInput().add.map(({ siteId, role }) => [siteId, role])).toEqual([
      ['a', 'site'],
      ['b', 'hq'],
    ]);
  });

  it('takes back a whole stroke at once', () => {
    mapping.paint([at('storm', 'a')], 'site');
    mapping.paint([at('storm', 'b')], 'site');
    mapping.paint([at('storm', 'c')], 'site', true);
    mapping.undo();
    expect([...mapping.store.get().changes.keys()]).toEqual(['storm a']);
  });

  it('forgets a change that leads back to what is stored, also by another’s hand', () => {
    mapping.paint([at('storm', 'a')], 'site');
    mapping.paint([at('storm', 'a')], 'none');
    expect(mapping.isDirty).toBe(false);
    mapping.paint([at('storm', 'a')], 'site');
    mapping.follow([conference('storm', [member('a')])]);
    expect(mapping.isDirty).toBe(false);
  });
});
