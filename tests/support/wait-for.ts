const PAUSE_MS = 100;

/**
 * Repeats `look` until it gives something other than undefined or false.
 * @throws Error naming `what` when `timeoutMs` is over, with the last error as cause
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 20_000,
): Promise<T> {
  const deadlineMs = Date.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (err) {
      cause = err;
    }
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
  } while (Date.now() < deadlineMs);
  throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, { cause });
}
