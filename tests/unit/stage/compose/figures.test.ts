import { describe, expect, test } from 'vitest';
import { clockStencil, figuresIn } from '../../../../src/stage/compose/figures.ts';

const GROUND = 24;
const INK = 235;

/** Figures of one row, each column a brightness of its own: `1` one column wide, the others three. */
function drawn(names = '0123456789:') {
  const luma = [...names].flatMap((name, index) => {
    const wide = name === '1' || name === ':' ? 1 : 3;
    return [GROUND, GROUND, ...Array.from({ length: wide }, () => 100 + index)];
  });
  return { width: luma.length, height: 1, luma: Buffer.from(luma) };
}

describe('figures', () => {
  const look = { ground: GROUND, ink: INK };

  test('are found in the text they were drawn as', () => {
    const figures = figuresIn(drawn(), look);
    expect(figures?.size).toBe(11);
    expect(figures?.get('0')).toEqual({ from: 2, to: 5 });
    expect(figures?.get(':')).toEqual({ from: 50, to: 51 });
  });

  test('that cannot be told apart are none', () => {
    expect(figuresIn(drawn('012345'), look)).toBeUndefined();
  });

  test('stand in a clock, each as wide as the widest, so that nothing jumps', () => {
    const figures = figuresIn(drawn(), look) ?? expect.fail('no figures');
    const clock = (text: string) => {
      return clockStencil(text, drawn(), figures, { ground: GROUND, gap: 1 });
    };
    const [first, second] = [clock('10:21'), clock('10:20')];
    expect(first.width).toBe(second.width);
    expect(first.width % 2).toBe(0);
    const [G, one, zero, two, colon] = [GROUND, 101, 100, 102, 110];
    expect([...first.luma]).toEqual([
      ...[G, G, one, G],
      ...[G, zero, zero, zero],
      ...[G, colon],
      ...[G, two, two, two],
      ...[G, G, one, G],
      ...[G, G],
    ]);
  });
});
