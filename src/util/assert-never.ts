/** Makes a `switch` over a union exhaustive: the compiler refuses a missing case. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
