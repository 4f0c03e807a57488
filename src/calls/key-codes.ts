import type { Keypad } from './keypad.ts';
import type { Clock } from './ports.ts';

/** What an endpoint in a conference can ask for by its remote control. */
export type KeyAction = 'toggle-mute' | 'toggle-hand';

/** Codes are `*` and one digit. Those without an action are kept for what is named beside them. */
export const KEY_CODES: Readonly<
  Record<string, { readonly action?: KeyAction; readonly meaning: string }>
> = {
  '*1': { action: 'toggle-hand', meaning: 'raise or lower the hand' },
  '*2': { meaning: 'next layout' },
  '*3': { meaning: 'previous layout' },
  '*4': { meaning: 'who is here' },
  '*5': { meaning: 'call for help' },
  '*6': { action: 'toggle-mute', meaning: 'mute and unmute myself' },
  '*7': { meaning: 'lock or unlock the conference' },
  '*8': { meaning: 'mute everybody else' },
  '*9': { meaning: 'leave' },
  '*0': { meaning: 'help' },
};

/** A digit later than this after `*` is no code. */
const PAUSE_MS = 5_000;

/** Tells of each code that has an action; returns its own undo. */
export function listenForCodes(
  keypad: Keypad,
  clock: Clock,
  onAction: (action: KeyAction) => void,
): () => void {
  let starAtMs: number | undefined;
  return keypad.onKey(key => {
    if (key === '*') {
      starAtMs = clock.now();
      return;
    }
    const isCode = starAtMs !== undefined && clock.now() - starAtMs <= PAUSE_MS;
    starAtMs = undefined;
    const action = isCode ? KEY_CODES[`*${key}`]?.action : undefined;
    if (action) onAction(action);
  });
}
