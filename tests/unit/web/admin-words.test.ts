import { describe, expect, it } from 'vitest';
import { ERROR_WORDS } from '../../../src/contract/error-words.ts';
import { EndpointState, SiteState } from '../../../src/contract/sites.ts';
import { OUTCOMES } from '../../../src/domain/errors.ts';
import { en } from '../../../src/web/admin/locales/en/index.ts';
import { vi } from '../../../src/web/admin/locales/vi/index.ts';
import { NAV } from '../../../src/web/admin/routes.tsx';

const SOURCES = import.meta.glob<string>(
  ['../../../src/web/admin/**/*.{ts,tsx}', '!../../../src/web/admin/locales/**'],
  { query: '?raw', import: 'default', eager: true },
);

function keysOf(words: object, path = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'object' ? keysOf(value, `${path}${key}.`) : `${path}${key}`,
  );
}

/** Every key that the pages ask for as it stands there: `t('sites.add')`, `'nav.sites'`. */
function askedKeys(): string[] {
  const sections = Object.keys(en).join('|');
  const key = new RegExp(`'((?:${sections})\\.[A-Za-z0-9.-]+)'`, 'g');
  const asked = Object.values(SOURCES)
    .flatMap(text => [...text.matchAll(key)])
    .map(([, found = '']) => found);
  const permissions =
    /^(sites|conferences|meetings|records|calls|bans|people|audit|system|webhooks)\.(read|write|run|end)$/;
  return [...new Set(asked)].filter(found => !permissions.test(found));
}

describe('the words of the administrator’s pages', () => {
  const english = keysOf(en);

  it('are the same keys in both languages, and none is empty', () => {
    expect(english.sort()).toEqual(keysOf(vi).sort());
    expect(JSON.stringify([en, vi])).not.toContain('""');
  });

  it('fill in the same values in both languages', () => {
    const holes = (words: object) =>
      [...JSON.stringify(words).matchAll(/\{\{\w+\}\}/g)].map(String);
    expect(holes(en).sort()).toEqual(holes(vi).sort());
  });

  it('are there for every key the pages ask for', () => {
    const asked = askedKeys();
    expect(asked.length).toBeGreaterThan(250);
    const known = new Set(english.map(key => key.replace(/_(one|other)$/, '')));
    expect(asked.filter(key => !known.has(key))).toEqual([]);
  });

  it('are there for every state and every entry of the menu', () => {
    const wanted = [
      ...SiteState.options.map(state => `sites.states.${state}`),
      ...EndpointState.options.map(state => `endpoints.states.${state}`),
      ...NAV.flat().map(({ label }) => label),
    ];
    expect(wanted.filter(key => !english.includes(key))).toEqual([]);
  });

  it('say in plain words what went wrong, for every code there is', () => {
    const codes = Object.keys(OUTCOMES);
    const ours = (code: string) => english.includes(`reasons.${code}`);
    expect(codes.filter(code => !ours(code) && !(code in ERROR_WORDS))).toEqual([]);
  });
});
