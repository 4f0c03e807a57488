/** What is there of some facts. */
export type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** Facts without those that are null or undefined. */
export function given<T extends object>(facts: T): Given<T> {
  const known = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(known) as Given<T>;
}
