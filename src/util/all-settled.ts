/**
 * Waits for every task, then throws the first failure, if any.
 *
 * Unlike `Promise.all` nothing is still running when it rejects, so whatever a
 * slower task acquired is already known to the cleanup that follows.
 */
export async function allSettled(tasks: readonly (Promise<unknown> | undefined)[]): Promise<void> {
  for (const outcome of await Promise.allSettled(tasks))
    if (outcome.status === 'rejected') throw outcome.reason;
}
