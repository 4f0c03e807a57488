import { describe, expect, it } from 'vitest';
import { Turn } from '../../../src/config/turn.ts';

const urls = ['turn:192.0.2.7:3478?transport=tcp'];

describe('the settings of the TURN relay', () => {
  it.each([
    [{ secret: 'shared-with-coturn' }, true],
    [{ username: 'diemcau', credential: 'x' }, true],
    [{}, false],
    [{ username: 'diemcau' }, false],
    [{ secret: 'shared-with-coturn', username: 'diemcau', credential: 'x' }, false],
  ])('with %o it can be used: %s', (proof, isGood) => {
    expect(Turn.safeParse({ urls, ...proof }).success).toBe(isGood);
  });

  it('addresses in the environment are separated by commas', () => {
    const text = 'turn:192.0.2.7, turns:turn.example.vn:443?transport=tcp';
    const parsed = Turn.parse({ urls: text, secret: 'shared-with-coturn' });
    expect(parsed.urls).toEqual(['turn:192.0.2.7', 'turns:turn.example.vn:443?transport=tcp']);
  });

  it.each(['stun:192.0.2.7', 'turn.example.vn', 'turn:a b', 'turn:a?transport=sctp', ''])(
    '“%s” is no address of a relay',
    url => {
      expect(Turn.safeParse({ urls: [url], secret: 'shared-with-coturn' }).success).toBe(false);
    },
  );
});
