import { inspect } from 'node:util';

/**
 * A key that does not show itself: JSON, string and console forms are the same
 * constant. Only `reveal` gives the text, for SDP that goes to a peer.
 */
export class KeyMaterial {
  readonly #base64: string;

  constructor(base64: string) {
    this.#base64 = base64;
  }

  /** Key and salt, base64; RFC 4568 §6.1. Never for a log. */
  reveal(): string {
    return this.#base64;
  }

  /** Same octets, however each side pads them. */
  equals(other: KeyMaterial): boolean {
    return withoutPadding(this.#base64) === withoutPadding(other.#base64);
  }

  toString(): string {
    return '[key]';
  }

  toJSON(): string {
    return '[key]';
  }

  [inspect.custom](): string {
    return '[key]';
  }
}

function withoutPadding(base64: string): string {
  return base64.replace(/=+$/, '');
}
