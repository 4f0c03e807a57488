import { Store } from '../../shared/store.ts';

export interface Place {
  /** Below `/admin`, without a slash at its end; `/` is the first page. */
  readonly path: string;
  readonly query: URLSearchParams;
}

const ROOT = '/admin';

/** Which page is shown: the browser's own address. */
export class Router {
  readonly store: Store<Place>;
  readonly #window: Window;

  constructor(window: Window) {
    this.#window = window;
    this.store = new Store(placeOf(window.location));
    window.addEventListener('popstate', () => this.store.set(placeOf(window.location)));
  }

  /** @param to like `/sites?q=tan`, below `/admin` */
  go(to: string, { replaces = false } = {}): void {
    const address = hrefOf(to);
    if (replaces) this.#window.history.replaceState(null, '', address);
    else this.#window.history.pushState(null, '', address);
    this.store.set(placeOf(this.#window.location));
  }

  /** Changes what stands behind the question mark; undefined and '' take away. */
  setQuery(change: Readonly<Record<string, string | undefined>>): void {
    const { path, query } = this.store.get();
    this.go(withQuery(path, query, change), { replaces: true });
  }
}

/** The address of a page for links. */
export function hrefOf(to: string): string {
  return to === '/' ? ROOT : `${ROOT}${to}`;
}

export function withQuery(
  path: string,
  query: URLSearchParams,
  change: Readonly<Record<string, string | undefined>>,
): string {
  const changed = new URLSearchParams(query);
  for (const [key, value] of Object.entries(change)) {
    if (value) changed.set(key, value);
    else changed.delete(key);
  }
  const text = changed.toString();
  return `${path}${text && `?${text}`}`;
}

export function placeOf({ pathname, search }: Pick<Location, 'pathname' | 'search'>): Place {
  const below = pathname.startsWith(ROOT) ? pathname.slice(ROOT.length) : pathname;
  return { path: below.replace(/\/+$/, '') || '/', query: new URLSearchParams(search) };
}

/** What `:names` in a pattern stand for in a path; undefined when it is another page. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return undefined;
  }
  return params;
}
