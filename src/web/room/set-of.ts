/** The set with this member, or without it; the same one when it is so already. */
export function withMember(
  set: ReadonlySet<string>,
  id: string,
  present: boolean,
): ReadonlySet<string> {
  if (set.has(id) === present) return set;
  const next = new Set(set);
  if (present) next.add(id);
  else next.delete(id);
  return next;
}
