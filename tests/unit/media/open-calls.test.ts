import { describe, expect, test } from 'vitest';
import { OpenCalls } from '../../../src/media/open-calls.ts';

const OK = Promise.resolve({ result: 'ok' });
const settled = () => new Promise(resolve => setImmediate(resolve));

describe('open calls', () => {
  test('bear witness only once rtpengine has confirmed them', async () => {
    const calls = new OpenCalls();
    const lost = Promise.reject(new Error('no reply'));
    lost.catch(() => undefined); // the caller's to hear
    calls.asked('a', Promise.resolve({ result: 'error' }), 0);
    calls.asked('b', lost, 0);
    calls.asked('c', OK, 0);
    expect(calls.witnesses()).toEqual([]);
    await settled();
    expect(calls.witnesses()).toEqual(['c']);
  });

  test('ask only a few of many', async () => {
    const calls = new OpenCalls();
    for (let i = 0; i < 10; i++) calls.asked(`call-${i}`, OK, 0);
    await settled();
    expect(calls.witnesses()).toHaveLength(3);
  });

  test('are not forgotten before what is under way for them has settled', async () => {
    const calls = new OpenCalls();
    const { promise, resolve } = Promise.withResolvers<{ result: string }>();
    calls.asked('a', promise, 0);
    calls.asked('a', OK, 0);
    let isForgotten = false;
    const forgetting = calls.forget('a').then(() => {
      isForgotten = true;
    });
    await settled();
    expect(isForgotten).toBe(false);
    expect(calls.has('a')).toBe(false);
    resolve({ result: 'ok' });
    await forgetting;
  });

  test('give their ids when all are forgotten', () => {
    const calls = new OpenCalls();
    calls.asked('a', OK, 0);
    calls.asked('a-feed', OK, 0);
    expect(calls.forgetAll()).toEqual(['a', 'a-feed']);
    expect(calls.has('a')).toBe(false);
  });

  test('an unknown one is forgotten without a word', async () => {
    await expect(new OpenCalls().forget('nobody')).resolves.toBeUndefined();
  });
});
