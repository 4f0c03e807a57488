import { Store } from '../../shared/store.ts';
import { changedFields, isSame, mergeForms } from './merge.ts';
import type { FieldProblem, Problem } from './problem.ts';

/** Somebody else saved first. */
export interface Conflict<Form> {
  /** As it is stored now. */
  readonly theirs: Form;
  readonly version: number;
  /** Who it was, where one may know. */
  readonly by: string | undefined;
}

export interface DraftState<Form> {
  /** As it was when editing began. */
  readonly base: Form;
  readonly form: Form;
  /** Version of `base`; undefined for something new. */
  readonly version: number | undefined;
  readonly isSaving: boolean;
  readonly problem: Problem | undefined;
  readonly fields: readonly FieldProblem[];
  readonly conflict: Conflict<Form> | undefined;
}

/** As much of `Storage` as is used. */
export type Keep = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

interface Kept {
  readonly base: unknown;
  readonly form: unknown;
  readonly version: number | undefined;
}

/** Fields that are not written anywhere but into the form. */
const SECRETS = /^(password|sipPassword|pin|chairPin|code|current)$/;

/** A form being filled in; it outlives the panel it is shown in, and a reload. */
export class Draft<Form extends object> {
  readonly store: Store<DraftState<Form>>;
  readonly #key: string;
  readonly #keep: Keep;

  constructor(key: string, keep: Keep, base: Form, version: number | undefined) {
    this.#key = `diemcau.draft.${key}`;
    this.#keep = keep;
    const kept = this.#read();
    this.store = new Store({
      base: (kept?.base as Form) ?? base,
      form: (kept?.form as Form) ?? base,
      version: kept ? kept.version : version,
      isSaving: false,
      problem: undefined,
      fields: [],
      conflict: undefined,
    });
  }

  get isDirty(): boolean {
    const { base, form } = this.store.get();
    return !isSame(base, form);
  }

  get changed(): (keyof Form)[] {
    const { base, form } = this.store.get();
    return changedFields(base, form);
  }

  change(change: Partial<Form>): void {
    this.store.set({ form: { ...this.store.get().form, ...change } });
    this.#write();
  }

  /** What is stored has changed; a form nobody has touched follows. Answers may come late. */
  follow(base: Form, version: number | undefined): void {
    if (this.isDirty || (version ?? 0) <= (this.store.get().version ?? 0)) return;
    this.store.set({ base, form: base, version });
  }

  /** Takes in what somebody else has saved, with our changes on top. */
  reapply(): void {
    const { conflict, base, form } = this.store.get();
    if (!conflict) return;
    const { theirs, version } = conflict;
    const { form: both } = mergeForms(base, form, theirs);
    this.store.set({ base: theirs, form: both, version, conflict: undefined, problem: undefined });
    this.#write();
  }

  /** Gives our changes up. */
  discard(): void {
    const { conflict, base, version } = this.store.get();
    const now = conflict ? { base: conflict.theirs, version: conflict.version } : { base, version };
    this.saved(now.base, now.version);
  }

  /** What is in the form is stored now. */
  saved(base: Form, version: number | undefined): void {
    this.store.set({
      ...{ base, form: base, version },
      ...{ isSaving: false, problem: undefined, fields: [], conflict: undefined },
    });
    this.#keep.removeItem(this.#key);
  }

  #write(): void {
    const { base, form, version } = this.store.get();
    if (!this.isDirty) return this.#keep.removeItem(this.#key);
    const kept = JSON.stringify({ base, form, version }, (key, value) =>
      SECRETS.test(key) && typeof value === 'string' ? '' : value,
    );
    this.#keep.setItem(this.#key, kept);
  }

  #read(): Kept | undefined {
    const text = this.#keep.getItem(this.#key);
    return text === null ? undefined : (JSON.parse(text) as Kept);
  }
}

/** The drafts of this window, by what they are of. */
export class Drafts {
  readonly #drafts = new Map<string, Draft<object>>();
  readonly #keep: Keep;

  constructor(keep: Keep) {
    this.#keep = keep;
  }

  /** The draft that is begun, or a new one of what is stored. */
  of<Form extends object>(key: string, base: Form, version: number | undefined): Draft<Form> {
    const begun = this.#drafts.get(key) as Draft<Form> | undefined;
    if (begun) {
      begun.follow(base, version);
      return begun;
    }
    const draft = new Draft(key, this.#keep, base, version);
    this.#drafts.set(key, draft as unknown as Draft<object>);
    return draft;
  }

  forget(key: string): void {
    this.#drafts.get(key)?.discard();
    this.#drafts.delete(key);
  }

  /** Whether something would be lost with this window. */
  get isAnyDirty(): boolean {
    return [...this.#drafts.values()].some(draft => draft.isDirty);
  }
}
