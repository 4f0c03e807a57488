import type { Direction } from './types.ts';

/** A stream's direction as its other end writes it; RFC 3264 §6.1. */
export function opposite(direction: Direction): Direction {
  if (direction === 'sendonly') return 'recvonly';
  return direction === 'recvonly' ? 'sendonly' : direction;
}

/** What is left of a direction when its writer takes nothing in. */
export function withoutReceiving(direction: Direction): Direction {
  return direction === 'sendrecv' || direction === 'sendonly' ? 'sendonly' : 'inactive';
}

/** What is left of a direction when another bounds it as well. */
export function both(one: Direction, other: Direction): Direction {
  const sends = isSending(one) && isSending(other);
  const receives = isReceiving(one) && isReceiving(other);
  if (sends) return receives ? 'sendrecv' : 'sendonly';
  return receives ? 'recvonly' : 'inactive';
}

export function isSending(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

export function isReceiving(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

/** Hold as RFC 2543 wrote it: an address that is none; RFC 3264 §8.4. */
export function isNowhere(host: string): boolean {
  return host === '0.0.0.0' || /^[0:]*:[0:]*$/.test(host);
}
