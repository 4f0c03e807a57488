import { describe, expect, it } from 'vitest';
import { LAYOUTS } from '../../../src/web/room/hall-layout.ts';
import { en } from '../../../src/web/shared/locales/en.ts';

const SOURCES = import.meta.glob<string>('../../../src/web/{room,start}/**/*.{ts,tsx}', {
  query: '?raw',
  import: 'default',
  eager: true,
});

function keysOf(words: object, path = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'object' ? keysOf(value, `${path}${key}.`) : `${path}${key}`,
  );
}

/** Every key that the pages ask for as it stands there, like `'room.leave'`. */
function askedKeys(): string[] {
  const sections = Object.keys(en).join('|');
  const key = new RegExp(`'((?:${sections})\\.[A-Za-z0-9.-]+)'`, 'g');
  return Object.values(SOURCES)
    .flatMap(text => [...text.matchAll(key)])
    .map(([, found = '']) => found);
}

describe('the words of the room', () => {
  const known = new Set(keysOf(en).map(key => key.replace(/_(one|other)$/, '')));

  it('are there for every key the page asks for', () => {
    const asked = [...new Set(askedKeys())];
    expect(asked.length).toBeGreaterThan(80);
    expect(asked.filter(key => !known.has(key))).toEqual([]);
  });

  it('are there for every layout', () => {
    const wanted = LAYOUTS.flatMap(one => [
      `chair.halls.layouts.${one}`,
      `chair.halls.hints.${one}`,
    ]);
    expect(wanted.filter(key => !known.has(key))).toEqual([]);
  });
});
