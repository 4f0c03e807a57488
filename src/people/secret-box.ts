import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = 'v1';

/**
 * Seals what has to be read again, so that the database alone does not give it: AES-256-GCM with a
 * key of the secrets file.
 */
export class SecretBox {
  readonly #key: Buffer;

  /** @param secret of which the key is made */
  constructor(secret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'diemcau sealed secrets', 32));
  }

  /** @param owner whose it is: what is moved to another row does not open there */
  seal(secret: Uint8Array, owner: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([
      nonce,
      cipher.update(secret),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return `${FORMAT}.${sealed.toString('base64url')}`;
  }

  /** Undefined when it was sealed with another key or for another owner. */
  open(text: string, owner: string): Buffer | undefined {
    const [format, body = ''] = text.split('.');
    const sealed = Buffer.from(body, 'base64url');
    if (format !== FORMAT || sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(owner))
      .setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      const secret = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([secret, decipher.final()]);
    } catch {
      return undefined; // not sealed by us for this owner
    }
  }
}
