import { describe, expect, it } from 'vitest';
import { abortable, sleep } from '../../../src/util/abort.ts';
import { allSettled } from '../../../src/util/all-settled.ts';
import { Cleanup } from '../../../src/util/cleanup.ts';
import { SerialQueue } from '../../../src/util/serial-queue.ts';
import { TypedEmitter } from '../../../src/util/typed-emitter.ts';

describe('cleanup', () => {
  it('runs newest first, past failures, once', async () => {
    const ran: string[] = [];
    const cleanup = new Cleanup();
    cleanup.add('first', () => void ran.push('first'));
    cleanup.add('broken', () => Promise.reject(new Error('no')));
    cleanup.add('last', () => void ran.push('last'));
    const [a, b] = await Promise.all([cleanup.close(), cleanup.close()]);
    expect(ran).toEqual(['last', 'first']);
    expect(a.map(err => err.message)).toEqual(['cleanup "broken" failed']);
    expect(b).toBe(a);
    expect(() => cleanup.add('late', () => undefined)).toThrow('added after close');
  });
});

describe('waiting', () => {
  it('abortable gives up with the reason of the signal', async () => {
    const abort = new AbortController();
    const waiting = abortable(new Promise(() => undefined), abort.signal);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('sleep wakes by its signal', async () => {
    const abort = new AbortController();
    const sleeping = sleep(60_000, abort.signal);
    abort.abort(new Error('wake'));
    await expect(sleeping).rejects.toThrow('wake');
  });

  it('allSettled rejects only when nothing runs any more', async () => {
    let slowDone = false;
    const slow = sleep(20).then(() => {
      slowDone = true;
    });
    await expect(allSettled([Promise.reject(new Error('fast')), slow, undefined])).rejects.toThrow(
      'fast',
    );
    expect(slowDone).toBe(true);
  });
});

describe('serial queue', () => {
  it('keeps the order and survives a failure', async () => {
    const queue = new SerialQueue();
    const ran: number[] = [];
    const first = queue.run(async () => {
      await sleep(5);
      ran.push(1);
    });
    const second = queue.run(() => Promise.reject(new Error('second')));
    const third = queue.run(async () => void ran.push(3));
    await expect(second).rejects.toThrow('second');
    await Promise.all([first, third]);
    expect(ran).toEqual([1, 3]);
  });
});

describe('typed emitter', () => {
  it('a listener that throws does not stop the others', () => {
    const failures: unknown[] = [];
    const emitter = new TypedEmitter<{ 'thing.happened': number }>((_, err) => failures.push(err));
    const seen: number[] = [];
    emitter.on('thing.happened', () => {
      throw new Error('bad observer');
    });
    const undo = emitter.on('thing.happened', n => seen.push(n));
    emitter.emit('thing.happened', 1);
    undo();
    emitter.emit('thing.happened', 2);
    expect(seen).toEqual([1]);
    expect(failures).toHaveLength(2);
  });
});
