/** What somebody chose on this computer, kept from one meeting to the next. */
import { z } from 'zod';

export const Preferences = z.object({
  name: z.string().max(100).default(''),
  /** Device ids; undefined lets the browser choose, null wants none. */
  cameraId: z.string().nullish(),
  microphoneId: z.string().nullish(),
  speakerId: z.string().optional(),
  echoCancellation: z.boolean().default(true),
  noiseSuppression: z.boolean().default(true),
  autoGainControl: z.boolean().default(true),
  view: z.enum(['grid', 'speaker']).default('grid'),
  /** Of whoever is given the floor; 0 for none. */
  floorLimitMin: z.number().min(0).max(120).default(0),
});
export type Preferences = z.infer<typeof Preferences>;

const KEY = 'diemcau.preferences';

/** The part of `localStorage` that is needed. */
type Shelf = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

/** What was kept; the usual where nothing was, or nothing that can be read. */
export function loadPreferences(shelf: Shelf = localStorage): Preferences {
  try {
    return Preferences.parse(JSON.parse(shelf.getItem(KEY) ?? '{}'));
  } catch {
    return Preferences.parse({}); // of an older page, or changed by hand
  }
}

export function savePreferences(change: Partial<Preferences>, shelf: Shelf = localStorage): void {
  try {
    shelf.setItem(KEY, JSON.stringify({ ...loadPreferences(shelf), ...change }));
  } catch {
    // A full or forbidden shelf only means that it is asked again next time.
  }
}
