import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { ComposerPool } from '../../../../src/stage/compose/pool.ts';
import { FakeWorker } from './fake-worker.ts';

const NOTHING = {
  onBroken: () => undefined,
  onSecond: () => undefined,
  onCanvasFailed: () => undefined,
};

function aPool(threads: number) {
  const workers: FakeWorker[] = [];
  const start = () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker as never;
  };
  const pool = new ComposerPool({ threads, log: pino({ level: 'silent' }), start });
  return { pool, workers };
}

describe('composing threads', () => {
  test('are started one by one as scenes need them, and no more than allowed', () => {
    const { pool, workers } = aPool(2);
    expect(workers).toHaveLength(0);
    const scenes = [1, 2, 3].map(() => pool.open(NOTHING));
    expect(workers).toHaveLength(2);
    for (const [index, scene] of scenes.entries()) scene.openSource(`s${index}`, 'h264');
    const opened = workers.map(({ orders }) =>
      orders.filter(order => order.kind === 'source.open'),
    );
    expect(opened.map(orders => orders.length).toSorted()).toEqual([1, 2]);
  });

  test('are used again when their scenes are over', () => {
    const { pool, workers } = aPool(8);
    for (let round = 0; round < 5; round += 1) pool.open(NOTHING).close();
    expect(workers).toHaveLength(1);
  });

  test('compose less when told so, also those that start later', () => {
    const { pool, workers } = aPool(2);
    pool.open(NOTHING);
    pool.thin(2);
    pool.open(NOTHING);
    const divisors = workers.map(({ orders }) => orders.findLast(order => order.kind === 'thin'));
    expect(divisors).toEqual(Array(2).fill({ kind: 'thin', divisor: 2 }));
  });

  test('end with the stage', async () => {
    const { pool, workers } = aPool(2);
    pool.open(NOTHING);
    pool.open(NOTHING);
    await pool.close();
    for (const worker of workers) expect(worker.kinds().at(-1)).toBe('end');
  });
});
