import type { TestContext } from 'vitest';
import { FOREIGN_SERVER } from './server.ts';

/**
 * Where a real drachtio-server (seen: 0.9.10) does otherwise by its own fault.
 * The test of that title is left out against it; all others must hold for both.
 */
export const DIFFERENCES: Readonly<Record<string, string>> = {};

/** For `beforeEach`: leaves a test out that only the embedded agent can pass. */
export function skipFaultOfOriginal(context: TestContext): void {
  const reason = FOREIGN_SERVER ? DIFFERENCES[context.task.name] : undefined;
  if (reason) context.skip(reason);
}
