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
