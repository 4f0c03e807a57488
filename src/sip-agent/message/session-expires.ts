import { parseParams } from './address.ts';

export interface SessionExpires {
  readonly seconds: number;
  /** Who refreshes, in the words of the request it stands in or answers. */
  readonly refresher: 'uac' | 'uas' | undefined;
}

/** Reads Session-Expires, RFC 4028 §4; undefined when it is none. */
export function parseSessionExpires(value: string | undefined): SessionExpires | undefined {
  const match = /^(\d{1,9})\s*(;.*)?$/.exec(value ?? '');
  if (!match?.[1]) return undefined;
  const named = parseParams(match[2] ?? '')
    .get('refresher')
    ?.toLowerCase();
  const refresher = named === 'uac' || named === 'uas' ? named : undefined;
  return { seconds: Number(match[1]), refresher };
}
