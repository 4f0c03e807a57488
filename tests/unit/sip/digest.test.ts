import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { computeHa1, DigestAuthenticator, parseCredentials } from '../../../src/sip/digest.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

function answerTo(challenge: string, password: string, options: { qop: boolean }): string {
  const nonce = /nonce="([^"]+)"/.exec(challenge)?.[1] ?? '';
  const ha1 = md5(`xa-1:diemcau:${password}`);
  const ha2 = md5('REGISTER:sip:192.0.2.1');
  const base = `username="xa-1", realm="diemcau", nonce="${nonce}", uri="sip:192.0.2.1"`;
  if (!options.qop) return `Digest ${base}, response="${md5(`${ha1}:${nonce}:${ha2}`)}"`;
  const response = md5(`${ha1}:${nonce}:00000001:abc:auth:${ha2}`);
  return `Digest ${base}, response="${response}", qop=auth, nc=00000001, cnonce="abc"`;
}

describe('digest', () => {
  const ha1 = computeHa1('xa-1', 'diemcau', 'secret');
  const setUp = () => {
    let nowMs = 1_000_000;
    const digest = new DigestAuthenticator('diemcau', () => nowMs);
    return { digest, pass: (ms: number) => (nowMs += ms) };
  };
  const credentials = (header: string) => {
    const parsed = parseCredentials(header);
    if (!parsed) throw new Error('not credentials');
    return parsed;
  };

  it.each([{ qop: true }, { qop: false }])('accepts the right password, %j', options => {
    const { digest } = setUp();
    const header = answerTo(digest.challenge({ stale: false }), 'secret', options);
    expect(digest.verify('REGISTER', credentials(header), ha1)).toBe('valid');
  });

  it('refuses a wrong password and an unknown user alike', () => {
    const { digest } = setUp();
    const header = answerTo(digest.challenge({ stale: false }), 'guess', { qop: true });
    expect(digest.verify('REGISTER', credentials(header), ha1)).toBe('wrong');
    expect(digest.verify('REGISTER', credentials(header), undefined)).toBe('wrong');
  });

  it('the answer to one method does not fit another', () => {
    const { digest } = setUp();
    const header = answerTo(digest.challenge({ stale: false }), 'secret', { qop: true });
    expect(digest.verify('INVITE', credentials(header), ha1)).toBe('wrong');
  });

  it('an old nonce is stale, a foreign one too, and stale is said in the challenge', () => {
    const { digest, pass } = setUp();
    const header = answerTo(digest.challenge({ stale: false }), 'secret', { qop: true });
    pass(6 * 60_000);
    expect(digest.verify('REGISTER', credentials(header), ha1)).toBe('stale');
    const foreign = answerTo('Digest nonce="forged.0000"', 'secret', { qop: true });
    expect(digest.verify('REGISTER', credentials(foreign), ha1)).toBe('stale');
    expect(digest.challenge({ stale: true })).toContain('stale=true');
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
