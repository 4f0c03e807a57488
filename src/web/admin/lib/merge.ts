/** Forms against what is stored: what was changed, by whom, and both together. */

export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Names of the fields in which two differ. */
export function changedFields<Form extends object>(before: Form, after: Form): (keyof Form)[] {
  return (Object.keys(after) as (keyof Form)[]).filter(key => !isSame(before[key], after[key]));
}

export interface Merged<Form> {
  readonly form: Form;
  /** Fields that both changed, to different ends; `form` has ours. */
  readonly disputed: readonly (keyof Form)[];
}

/** Our changes of `base` put on top of what somebody else has made of it. */
export function mergeForms<Form extends object>(
  base: Form,
  ours: Form,
  theirs: Form,
): Merged<Form> {
  const byUs = changedFields(base, ours);
  const byThem = changedFields(base, theirs);
  const kept = Object.fromEntries(byUs.map(key => [key, ours[key]])) as Partial<Form>;
  return {
    form: { ...theirs, ...kept },
    disputed: byUs.filter(key => byThem.includes(key) && !isSame(ours[key], theirs[key])),
  };
}
