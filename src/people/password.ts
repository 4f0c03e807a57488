import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { GatewayError } from '../domain/errors.ts';
import { SerialQueue } from '../util/serial-queue.ts';

/** What a guess costs; RFC 9106 §3.1. */
export interface PasswordCosts {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** The OWASP password storage cheat sheet's first choice for Argon2id with one lane. */
export const PASSWORD_COSTS: PasswordCosts = { memoryKib: 19_456, passes: 2, lanes: 1 };

const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** One takes about 30 ms: who would wait longer than seconds is told to come again. */
const MAX_WAITING = 100;

const derive = promisify(argon2);

/**
 * Makes and checks what is stored of passwords, as `$argon2id$v=19$m=…,t=…,p=…$salt$key`. One at a
 * time, so that many who sign in at once take neither the memory nor every thread of the process.
 */
export class PasswordHasher {
  readonly #costs: PasswordCosts;
  readonly #queue = new SerialQueue();
  #waiting = 0;
  /** Looks like a password's hash, and no password has it. */
  readonly #nobodys: string;

  constructor(costs: PasswordCosts = PASSWORD_COSTS) {
    this.#costs = costs;
    this.#nobodys = stored(costs, randomBytes(SALT_BYTES), randomBytes(KEY_BYTES));
  }

  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const key = await this.#derive(password, salt, this.#costs, KEY_BYTES);
    return stored(this.#costs, salt, key);
  }

  /**
   * Whether this is the password that was hashed. Takes as long where there is no hash, so that
   * nobody learns by the clock who has an account.
   */
  async verify(password: string, hash: string | undefined): Promise<boolean> {
    const parsed = parse(hash ?? this.#nobodys);
    if (!parsed) return false;
    const key = await this.#derive(password, parsed.salt, parsed.costs, parsed.key.length);
    return timingSafeEqual(key, parsed.key) && hash !== undefined;
  }

  /** Whether it was made with other costs than today's. */
  isOutdated(hash: string): boolean {
    const { memoryKib, passes, lanes } = parse(hash)?.costs ?? {
      memoryKib: 0,
      passes: 0,
      lanes: 0,
    };
    const now = this.#costs;
    return memoryKib !== now.memoryKib || passes !== now.passes || lanes !== now.lanes;
  }

  async #derive(password: string, salt: Buffer, costs: PasswordCosts, tagLength: number) {
    if (this.#waiting >= MAX_WAITING)
      throw new GatewayError('rate-limited', 'Too many people sign in now; try again in a moment.');
    this.#waiting += 1;
    // The same letters can be written in two ways, as Vietnamese keyboards do. NIST SP 800-63B §3.1.1.2.
    const message = password.normalize('NFKC');
    const { memoryKib: memory, passes, lanes: parallelism } = costs;
    const terms = { message, nonce: salt, parallelism, tagLength, memory, passes };
    try {
      return await this.#queue.run(() => derive('argon2id', terms));
    } finally {
      this.#waiting -= 1;
    }
  }
}

const STORED =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function stored({ memoryKib, passes, lanes }: PasswordCosts, salt: Buffer, key: Buffer): string {
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${bare(salt)}$${bare(key)}`;
}

function parse(hash: string) {
  const [, memory, passes, lanes, salt, key] = STORED.exec(hash) ?? [];
  if (!salt || !key) return undefined;
  const costs = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  return { costs, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') };
}

/** Base64 without its padding, as the format has it. */
function bare(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
