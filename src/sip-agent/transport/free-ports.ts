const MOST_ATTEMPTS = 20;

/**
 * Listens again when a port was free for one protocol and taken for the other: a port that the
 * system chose for UDP may be in use for TCP, and on one address but not on the next.
 *
 * @param isAnyPortChosen whether another attempt may get other ports; else the first failure stands
 * @param listen lets go of everything when it fails
 * @throws what `listen` does
 */
export async function onFreePorts<T>(
  isAnyPortChosen: boolean,
  listen: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listen();
    } catch (err) {
      if (!isAnyPortChosen || attempt === MOST_ATTEMPTS || !isTaken(err)) throw err;
    }
  }
}

function isTaken(err: unknown): boolean {
  return err instanceof Error && 'code' in err && err.code === 'EADDRINUSE';
}
