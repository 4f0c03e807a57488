import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toBase32 } from '../../../src/people/base32.ts';
import { PASSWORD_COSTS, PasswordHasher } from '../../../src/people/password.ts';
import {
  newRecoveryCode,
  plainRecoveryCode,
  setupCodeOf,
} from '../../../src/people/random-words.ts';
import { SecretBox } from '../../../src/people/secret-box.ts';
import { stepAt, stepOf, totpCode, totpUri } from '../../../src/people/totp.ts';
import { hashOf } from '../../../src/util/random-token.ts';

const CHEAP = { memoryKib: 8, passes: 1, lanes: 1 };

describe('passwords', () => {
  it('are stored as Argon2id makes them, with what OWASP asks for, each time with another salt', async () => {
    const hasher = new PasswordHasher();
    const hash = await hasher.hash('bốn con mèo');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await hasher.verify('bốn con mèo', hash)).toBe(true);
    expect(await hasher.verify('bốn con mèo', hash.slice(0, -1))).toBe(false);
    expect(await hasher.hash('bốn con mèo')).not.toBe(hash);
  });

  it('are the same however their letters are composed, and nothing is cut off', async () => {
    const hasher = new PasswordHasher(CHEAP);
    const long = `${'ế'.repeat(127)}x`;
    const hash = await hasher.hash(long.normalize('NFC'));
    expect(await hasher.verify(long.normalize('NFD'), hash)).toBe(true);
    expect(await hasher.verify(`${'ế'.repeat(127)}y`, hash)).toBe(false);
  });

  it('made with other costs are right still, and known to be outdated', async () => {
    const hash = await new PasswordHasher(CHEAP).hash('x');
    const hasher = new PasswordHasher({ ...PASSWORD_COSTS, memoryKib: 16 });
    expect(await hasher.verify('x', hash)).toBe(true);
    expect(hasher.isOutdated(hash)).toBe(true);
    expect(hasher.isOutdated(await hasher.hash('x'))).toBe(false);
    expect(hasher.isOutdated('damaged')).toBe(true);
  });

  it.each([undefined, '', 'damaged', '$argon2id$v=19$m=8,t=1,p=1$$'])(
    'nothing is the password of %o',
    async stored => {
      expect(await new PasswordHasher(CHEAP).verify('', stored)).toBe(false);
    },
  );

  it('of a hundred who sign in at once some are told to come again', async () => {
    const hasher = new PasswordHasher(CHEAP);
    const hash = await hasher.hash('x');
    const all = await Promise.allSettled(
      Array.from({ length: 150 }, () => hasher.verify('x', hash)),
    );
    const refused = all.filter(one => one.status === 'rejected');
    expect(refused).toHaveLength(50);
    expect(refused[0]).toMatchObject({ reason: { code: 'rate-limited' } });
    expect(await hasher.verify('x', hash)).toBe(true);
  });
});

describe('codes of an authenticator', () => {
  const secret = Buffer.from('12345678901234567890');

  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238 appendix B at %d s', (sec, code) => {
    expect(totpCode(secret, stepAt(sec * 1000))).toBe(code);
    expect(stepOf(secret, code, sec * 1000)).toBe(Math.floor(sec / 30));
  });

  it('may be one step off, either way, and no more', () => {
    const nowMs = 1_234_567_890_000;
    const now = stepAt(nowMs);
    const found = [-2, -1, 0, 1, 2].map(off => stepOf(secret, totpCode(secret, now + off), nowMs));
    expect(found).toEqual([undefined, now - 1, now, now + 1, undefined]);
    expect(stepOf(secret, ' 005 924', 1_234_567_890_000)).toBe(now);
  });

  it('the URI is what authenticators read', () => {
    expect(totpUri(secret, 'an@xa')).toBe(
      'otpauth://totp/Diem%20Cau:an%40xa?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Diem%20Cau',
    );
  });

  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('base32 of “%s” is that of RFC 4648 §10', (text, expected) => {
    expect(toBase32(Buffer.from(text))).toBe(expected);
  });
});

describe('what is sealed', () => {
  const box = new SecretBox('a key');
  const secret = randomBytes(20);
  const sealed = box.seal(secret, 'user-1');

  it('opens for its owner with the same key, and looks different each time', () => {
    expect(box.open(sealed, 'user-1')).toEqual(secret);
    expect(box.seal(secret, 'user-1')).not.toBe(sealed);
  });

  const changedAt = (place: number, text: string) => {
    const other = text[place] === 'x' ? 'y' : 'x';
    return `${text.slice(0, place)}${other}${text.slice(place + 1)}`;
  };

  it.each([
    ['another key', new SecretBox('another key'), sealed, 'user-1'],
    ['another owner', box, sealed, 'user-2'],
    ['a changed byte', box, changedAt(20, sealed), 'user-1'],
    ['half of it', box, sealed.slice(0, 12), 'user-1'],
    ['nothing', box, '', 'user-1'],
  ])('does not open with %s', (_, opener, text, owner) => {
    expect(opener.open(text, owner)).toBeUndefined();
  });
});

describe('random words', () => {
  it('a recovery code is the same with or without its dashes and capitals', () => {
    const code = newRecoveryCode();
    expect(code).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
    const typed = code.replaceAll('-', ' ').toUpperCase();
    expect(hashOf(plainRecoveryCode(typed))).toBe(hashOf(plainRecoveryCode(code)));
  });

  it('the setup code is the same in every process that has the secret', () => {
    expect(setupCodeOf('a')).toBe(setupCodeOf('a'));
    expect(setupCodeOf('a')).not.toBe(setupCodeOf('b'));
  });
});
