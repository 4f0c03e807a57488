import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Ha1 } from '../../../src/domain/site.ts';
import {
  computeHa1,
  type DigestAlgorithm,
  DigestAuthenticator,
  parseCredentials,
} from '../../../src/sip/digest.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

interface Answer {
  readonly password?: string;
  readonly qop?: boolean;
  readonly nc?: number;
  readonly algorithm?: 'MD5' | 'SHA-256';
  readonly method?: string;
}

/** What a device with this password says to a challenge. */
function answerTo(challenge: string, answer: Answer = {}): string {
  const { password = 'secret', qop = true, nc = 1, method = 'REGISTER' } = answer;
  const { algorithm = 'MD5' } = answer;
  const hash = (text: string) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const nonce = /nonce="([^"]+)"/.exec(challenge)?.[1] ?? '';
  const ha1 = hash(`xa-1:diemcau:${password}`);
  const ha2 = hash(`${method}:sip:192.0.2.1`);
  const base = `username="xa-1", realm="diemcau", nonce="${nonce}", uri="sip:192.0.2.1"`;
  const named = answer.algorithm ? `, algorithm=${algorithm}` : '';
  if (!qop) return `Digest ${base}, response="${hash(`${ha1}:${nonce}:${ha2}`)}"${named}`;
  const count = nc.toString(16).padStart(8, '0');
  const response = hash(`${ha1}:${nonce}:${count}:abc:auth:${ha2}`);
  return `Digest ${base}, response="${response}", qop=auth, nc=${count}, cnonce="abc"${named}`;
}

describe('digest', () => {
  const ha1 = computeHa1('xa-1', 'diemcau', 'secret');
  const setUp = (algorithms: readonly DigestAlgorithm[] = ['MD5', 'SHA-256']) => {
    let nowMs = 1_000_000;
    const digest = new DigestAuthenticator('diemcau', algorithms, () => nowMs);
    const challenge = () => digest.challenges({ stale: false })[0] ?? '';
    const verify = (header: string, method = 'REGISTER', known: Ha1 | undefined = ha1) => {
      const credentials = parseCredentials(header);
      if (!credentials) throw new Error('not credentials');
      return digest.verify(method, credentials, known);
    };
    return { digest, challenge, verify, pass: (ms: number) => (nowMs += ms) };
  };

  it.each<Answer>([
    { qop: true },
    { qop: false },
    { algorithm: 'MD5' },
    { algorithm: 'SHA-256' },
    { algorithm: 'SHA-256', qop: false },
  ])('accepts the right password, %j', answer => {
    const { challenge, verify } = setUp();
    expect(verify(answerTo(challenge(), answer))).toBe('valid');
  });

  it('the example of RFC 7616 §3.9.1 comes out as it stands there, by both algorithms', () => {
    const text = computeHa1('Mufasa', 'http-auth@example.org', 'Circle of Life');
    expect(text.md5).toBe(md5('Mufasa:http-auth@example.org:Circle of Life'));
    const sha = (value: string) => createHash('sha256').update(value).digest('hex');
    const nonce = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
    const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
    const ha2 = sha('GET:/dir/index.html');
    expect(sha(`${text.sha256}:${nonce}:00000001:${cnonce}:auth:${ha2}`)).toBe(
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    );
  });

  it('offers each algorithm in its own header, the preferred first', () => {
    const offered = (algorithms: readonly DigestAlgorithm[]) =>
      setUp(algorithms)
        .digest.challenges({ stale: false })
        .map(value => /algorithm=([^,]+)/.exec(value)?.[1]);
    expect(offered(['MD5', 'SHA-256'])).toEqual(['MD5', 'SHA-256']);
    expect(offered(['SHA-256'])).toEqual(['SHA-256']);
  });

  it('refuses an algorithm that was not offered, and one the account has no digest for', () => {
    const strict = setUp(['SHA-256']);
    expect(strict.verify(answerTo(strict.challenge()))).toBe('wrong');
    const old = { md5: ha1.md5, sha256: undefined };
    const both = setUp();
    const sha = answerTo(both.challenge(), { algorithm: 'SHA-256' });
    expect(both.verify(sha, 'REGISTER', old)).toBe('wrong');
    expect(both.verify(answerTo(both.challenge()), 'REGISTER', old)).toBe('valid');
  });

  it('refuses a wrong password and an unknown user alike', () => {
    const { digest, challenge, verify } = setUp();
    const header = answerTo(challenge(), { password: 'guess' });
    expect(verify(header)).toBe('wrong');
    const credentials = parseCredentials(answerTo(challenge()));
    expect(credentials && digest.verify('REGISTER', credentials, undefined)).toBe('wrong');
  });

  it('the answer to one method does not fit another', () => {
    const { challenge, verify } = setUp();
    expect(verify(answerTo(challenge()), 'INVITE')).toBe('wrong');
  });

  it('an old nonce is stale, a foreign one too, and stale is said in the challenge', () => {
    const { digest, challenge, verify, pass } = setUp();
    const header = answerTo(challenge());
    pass(6 * 60_000);
    expect(verify(header)).toBe('stale');
    expect(verify(answerTo('Digest nonce="forged.0000"'))).toBe('stale');
    expect(digest.challenges({ stale: true })[0]).toContain('stale=true');
  });

  it('a use that was heard before is stale: nobody gets in with what he overheard', () => {
    const { challenge, verify } = setUp();
    const first = challenge();
    const overheard = answerTo(first);
    expect(verify(overheard)).toBe('valid');
    expect(verify(overheard)).toBe('stale');
    expect(verify(answerTo(first, { nc: 2 }))).toBe('valid');
    expect(verify(answerTo(first, { nc: 2 }))).toBe('stale');
  });

  it('uses may overtake each other a little, and some may be lost', () => {
    const { challenge, verify } = setUp();
    const first = challenge();
    const verdicts = [1, 5, 3, 4, 3, 60, 50, 5].map(nc => verify(answerTo(first, { nc })));
    expect(verdicts.join(' ')).toBe('valid valid valid valid stale valid valid stale');
  });

  it('a device without counts gets a new nonce for each use', () => {
    const { challenge, verify } = setUp();
    const header = answerTo(challenge(), { qop: false });
    expect([verify(header), verify(header)]).toEqual(['valid', 'stale']);
  });

  it.each(['', 'Basic abc', 'Digest', 'Digest username="x"', 'Digest \u0000=,,,"'])(
    'takes %j for what it is: not credentials',
    header => expect(parseCredentials(header)).toBeUndefined(),
  );

  it('reads odd spacing, case and escaped quotes', () => {
    const parsed = parseCredentials(
      'digest  USERNAME = "a\\"b" ,realm="r",nonce="n",uri="sip:x",response="00",nc=1',
    );
    expect(parsed).toMatchObject({ username: 'a"b', nc: '1' });
  });
});
