import { beforeEach, describe, expect, it } from 'vitest';
import { Drafts, type Keep } from '../../../../src/web/admin/lib/drafts.ts';
import { mergeForms } from '../../../../src/web/admin/lib/merge.ts';

interface Form {
  readonly name: string;
  readonly notes: string;
  readonly pin: string;
}

const STORED: Form = { name: 'Xã Tân Phú', notes: '', pin: '' };

/** A browser's session storage. */
class FakeKeep implements Keep {
  readonly kept = new Map<string, string>();

  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.kept.set(key, value);
  }

  removeItem(key: string): void {
    this.kept.delete(key);
  }
}

describe('a draft', () => {
  let keep: FakeKeep;
  let drafts: Drafts;

  beforeEach(() => {
    keep = new FakeKeep();
    drafts = new Drafts(keep);
  });

  const open = (base = STORED, version = 1) => drafts.of('site:s1', base, version);

  it('is still there when the panel is opened again, and after a reload', () => {
    open().change({ name: 'Xã Tân Phú Đông' });
    expect(open().store.get().form.name).toBe('Xã Tân Phú Đông');
    drafts = new Drafts(keep);
    expect(open().store.get().form.name).toBe('Xã Tân Phú Đông');
    expect(drafts.isAnyDirty).toBe(true);
  });

  it('writes no secret anywhere', () => {
    open().change({ name: 'x', pin: '4711' });
    expect([...keep.kept.values()].join()).not.toContain('4711');
  });

  it('follows what is stored while nobody has touched it, and not once somebody has', () => {
    open();
    expect(open({ ...STORED, notes: 'theirs' }, 2).store.get().form.notes).toBe('theirs');
    open().change({ name: 'ours' });
    const draft = open({ ...STORED, notes: 'later' }, 3);
    expect(draft.store.get()).toMatchObject({ version: 2, form: { notes: 'theirs' } });
  });

  it('takes in what somebody else has saved, with our changes on top', () => {
    const draft = open();
    draft.change({ name: 'ours' });
    const theirs = { ...STORED, name: 'theirs', notes: 'new' };
    draft.store.set({ conflict: { theirs, version: 5, by: 'Minh' } });
    draft.reapply();
    expect(draft.store.get()).toMatchObject({
      ...{ version: 5, conflict: undefined, base: theirs },
      form: { name: 'ours', notes: 'new' },
    });
    expect(draft.changed).toEqual(['name']);
  });

  it('gives our changes up for theirs', () => {
    const draft = open();
    draft.change({ name: 'ours' });
    draft.store.set({
      conflict: { theirs: { ...STORED, name: 'theirs' }, version: 5, by: undefined },
    });
    draft.discard();
    expect(draft.store.get()).toMatchObject({ version: 5, form: { name: 'theirs' } });
    expect(draft.isDirty).toBe(false);
    expect(keep.kept.size).toBe(0);
  });

  it('is nothing any more once it is changed back', () => {
    const draft = open();
    draft.change({ name: 'x' });
    draft.change({ name: STORED.name });
    expect(draft.isDirty).toBe(false);
    expect(keep.kept.size).toBe(0);
  });
});

describe('two forms made of one', () => {
  it('dispute only what both changed to different ends', () => {
    const base = { a: 1, b: 1, c: 1, d: 1 };
    const { form, disputed } = mergeForms(
      base,
      { ...base, a: 2, b: 2, c: 2 },
      { ...base, b: 3, c: 2, d: 4 },
    );
    expect(form).toEqual({ a: 2, b: 2, c: 2, d: 4 });
    expect(disputed).toEqual(['b']);
  });
});
