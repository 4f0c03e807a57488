/**
 * What single devices do differently, as rows with their evidence. A row is
 * added when a call shows it, and goes when nobody has the device any more.
 */
import type { PictureLimits } from './picture.ts';
import type { RefreshMethod } from './types.ts';

export type QuirkEffect =
  /** An H.264 payload without profile-level-id means this, not level 1. */
  | {
      readonly kind: 'unsaid-h264';
      readonly profileLevelId: string;
    }
  /** The decoder takes less than it says. */
  | ({ readonly kind: 'picture-at-most' } & PictureLimits)
  /** Key frames are asked for this way, whatever the SDP lists. */
  | { readonly kind: 'refresh-by'; readonly method: RefreshMethod }
  /** An INFO for a key frame names the stream by the label of its m-line. */
  | { readonly kind: 'refresh-names-label' };

export interface Quirk {
  readonly id: string;
  /** The User-Agent or Server header. */
  readonly userAgent: RegExp;
  /** Where it was seen: a fixture, a thread, a manual. */
  readonly seen: string;
  readonly effect: QuirkEffect;
}

export const QUIRKS: readonly Quirk[] = [
  {
    id: 'dahua-h264-without-fmtp',
    userAgent: /\bdahua\b|\bVTO\d/i,
    seen: 'github.com/n-IA-hane/esphome-intercom/issues/115: H264/90000 with no fmtp line from a decoder of 720p; tests/fixtures/sdp/dahua-vto-no-fmtp',
    effect: { kind: 'unsaid-h264', profileLevelId: '42001f' },
  },
  {
    id: 'huawei-refresh-names-label',
    userAgent: /\bhuawei\b|^TE\d0\b/i,
    seen: 'rg4.net/archives/1820.html: stream_id of picture_fast_update is the label of the m-line; Cisco answers 500 to stream_id 0, so others get none; tests/fixtures/sdp/huawei-te40-label',
    effect: { kind: 'refresh-names-label' },
  },
];

/**
 * The rows of a device, by what it calls itself; none when it does not.
 *
 * @param chosen id of the one row that holds, whatever the device calls itself
 */
export function quirksOf(
  userAgent: string | undefined,
  chosen?: string,
  rows: readonly Quirk[] = QUIRKS,
): readonly Quirk[] {
  if (chosen !== undefined) return rows.filter(({ id }) => id === chosen);
  return userAgent === undefined ? [] : rows.filter(row => row.userAgent.test(userAgent));
}

/** A device's rows by kind of effect; remembers which of them changed something. */
export class QuirkBook {
  readonly #rows: readonly Quirk[];
  readonly #used = new Set<string>();

  constructor(rows: readonly Quirk[]) {
    this.#rows = rows;
  }

  /** The effect of a kind, if a row has one; that row counts as used. */
  use<K extends QuirkEffect['kind']>(kind: K): Extract<QuirkEffect, { kind: K }> | undefined {
    const row = this.#rows.find(({ effect }) => effect.kind === kind);
    if (row) this.#used.add(row.id);
    return row?.effect as Extract<QuirkEffect, { kind: K }> | undefined;
  }

  /** Ids of the rows used so far. */
  get used(): readonly string[] {
    return [...this.#used];
  }
}
