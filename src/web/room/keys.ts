/** What keys do in a meeting. */
export type KeyWish = 'toggle-microphone' | 'toggle-camera' | 'toggle-view' | 'talk';

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
  ' ': 'talk',
};

/** Undefined while somebody types, or where the key is the browser's own, as the space on a button. */
export function keyWish(press: KeyPress, isTyping: (target: EventTarget | null) => boolean) {
  if (press.ctrlKey || press.altKey || press.metaKey || press.repeat) return undefined;
  if (isTyping(press.target)) return undefined;
  return WISHES[press.key.toLowerCase()];
}

/** Fields take letters; buttons and links take the space. */
export function takesKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, button, a') !== null;
}
