/** What keys do in a meeting. */
export type KeyWish =
  | 'toggle-microphone'
  | 'toggle-camera'
  | 'toggle-view'
  | 'toggle-hand'
  | 'toggle-chat'
  | 'talk';

/** The parts of a `KeyboardEvent` that matter. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
  readonly target: EventTarget | null;
}

const WISHES: Readonly<Record<string, KeyWish>> = {
  m: 'toggle-microphone',
  v: 'toggle-camera',
  g: 'toggle-view',
  h: 'toggle-hand',
  c: 'toggle-chat',
  ' ': 'talk',
};

/**
 * Undefined while somebody types, or where the key is the browser's own, as the space bar on a button.
 *
 * @param takesKey whether what has the focus wants this key itself
 */
export function keyWish(
  press: KeyPress,
  takesKey: (target: EventTarget | null, key: string) => boolean,
): KeyWish | undefined {
  if (press.ctrlKey || press.altKey || press.metaKey || press.repeat) return undefined;
  if (takesKey(press.target, press.key)) return undefined;
  return WISHES[press.key.toLowerCase()];
}

/** Fields take every key, buttons and links the space bar. */
export function takesKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input, textarea, select, dialog')) return true;
  return key === ' ' && target.closest('button, a') !== null;
}

/**
 * Lets go of a button that was clicked with the mouse: who then holds the space bar wants to
 * talk. Who came by keyboard stays where it is, and what the click opened keeps the focus.
 */
export function letGoOfClicked(click: MouseEvent): void {
  const isByMouse = click.detail > 0;
  const { activeElement } = document;
  const isClicked = click.target instanceof Node && activeElement?.contains(click.target);
  if (isByMouse && isClicked && activeElement instanceof HTMLButtonElement) activeElement.blur();
}
