const MASK = '***';

/**
 * Takes known secrets out of an engine's output, also where a chunk ends within
 * one: Janus prints its configuration at `debug`.
 */
export class SecretMask {
  readonly #secrets: readonly string[];
  /** The beginning of a secret, maybe; kept until the rest comes. */
  #held = '';

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  /** What may be written now. */
  pass(chunk: Buffer): Buffer {
    // One character for each byte, so that nothing of the output is changed.
    let text = this.#held + chunk.toString('latin1');
    for (const secret of this.#secrets) text = text.replaceAll(secret, MASK);
    const heldLength = Math.max(0, ...this.#secrets.map(secret => overlap(text, secret)));
    this.#held = text.slice(text.length - heldLength);
    return Buffer.from(text.slice(0, text.length - heldLength), 'latin1');
  }

  /** What was kept, when nothing more comes. */
  rest(): Buffer {
    const held = Buffer.from(this.#held, 'latin1');
    this.#held = '';
    return held;
  }
}

/** How many characters at the end of `text` are the beginning, and not all, of `secret`. */
function overlap(text: string, secret: string): number {
  for (let length = Math.min(text.length, secret.length - 1); length > 0; length -= 1)
    if (text.endsWith(secret.slice(0, length))) return length;
  return 0;
}
