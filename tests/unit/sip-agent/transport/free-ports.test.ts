import { expect, test } from 'vitest';
import { onFreePorts } from '../../../../src/sip-agent/transport/free-ports.ts';

const taken = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });

/** Fails so often before it listens. */
function failing(times: number, err: Error): () => Promise<string> {
  let left = times;
  return () => {
    left -= 1;
    return left >= 0 ? Promise.reject(err) : Promise.resolve('listening');
  };
}

test('a port of the system’s choice that is taken for the other protocol is given back', async () => {
  await expect(onFreePorts(true, failing(3, taken))).resolves.toBe('listening');
});

test('a port that was asked for and is taken is said at once', async () => {
  await expect(onFreePorts(false, failing(1, taken))).rejects.toBe(taken);
});

test('it ends when none is free, and at once for another error', async () => {
  const denied = Object.assign(new Error('listen EACCES'), { code: 'EACCES' });
  await expect(onFreePorts(true, failing(1, denied))).rejects.toBe(denied);
  await expect(onFreePorts(true, failing(1000, taken))).rejects.toBe(taken);
});
