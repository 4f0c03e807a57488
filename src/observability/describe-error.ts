const MAX_DEPTH = 5;

/** An error with its causes in one line, the outermost first: `outer: inner: innermost`. */
export function describeError(thrown: unknown): string {
  return messages(thrown, MAX_DEPTH).join(': ');
}

function messages(thrown: unknown, depth: number): string[] {
  if (!(thrown instanceof Error)) return [String(thrown)];
  const rest = thrown.cause === undefined || depth === 0 ? [] : messages(thrown.cause, depth - 1);
  return [thrown.message || thrown.name, ...rest];
}
