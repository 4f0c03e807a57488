import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stepAt, totpCode } from '../../../src/people/totp.ts';
import { TestBrowser } from './browser.ts';
import { PASSWORD, type StaffedApi, startStaffedApi } from './people.ts';

let staffed: StaffedApi;
let secret: Buffer;
let recoveryCodes: string[];
beforeEach(async () => {
  staffed = await startStaffedApi();
  const { admin } = staffed;
  const begun = await admin.ask('POST', '/me/second-factor', { body: { password: PASSWORD } });
  expect(begun.body.qrSvg).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
  expect(begun.body.uri).toContain(`secret=${begun.body.secret}`);
  secret = fromBase32(begun.body.secret);
  const confirmed = await admin.ask('PUT', '/me/second-factor', { body: { code: codeNow() } });
  recoveryCodes = confirmed.body.recoveryCodes;
});
afterEach(() => staffed.api.close());

const codeNow = (steps = 0) => totpCode(secret, stepAt(staffed.now()) + steps);
const signIn = (code?: string) => new TestBrowser(staffed.api.url).signIn('an', PASSWORD, code);
const codeOf = ({ body }: { body: { error?: { code: string } } }) => body.error?.code;

describe('with a second factor', () => {
  it('the password alone is not enough, and gives no session', async () => {
    const answer = await signIn();
    expect([answer.status, codeOf(answer)]).toEqual([401, 'second-factor-required']);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('a code counts once, and none before it either', async () => {
    expect(codeOf(await signIn(codeNow()))).toBe('second-factor-required'); // confirmed it before
    staffed.pass(60_000);
    const code = codeNow();
    expect((await signIn(code)).status).toBe(200);
    expect(codeOf(await signIn(code))).toBe('second-factor-required');
    expect(codeOf(await signIn(codeNow(-1)))).toBe('second-factor-required');
    staffed.pass(30_000);
    expect((await signIn(codeNow())).status).toBe(200);
  });

  it('of two who send the same code at once one comes in', async () => {
    staffed.pass(60_000);
    const answers = await Promise.all([signIn(codeNow()), signIn(codeNow())]);
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 401]);
  });

  it('a recovery code lets in once, however it is typed', async () => {
    expect(recoveryCodes).toHaveLength(10);
    const [first = '', second = ''] = recoveryCodes;
    expect((await signIn(first.toUpperCase().replaceAll('-', ' '))).status).toBe(200);
    expect(codeOf(await signIn(first))).toBe('second-factor-required');
    expect((await signIn(second)).status).toBe(200);
  });

  it('a wrong password tells nothing of the code', async () => {
    staffed.pass(60_000);
    const wrong = await new TestBrowser(staffed.api.url).signIn('an', 'wrong', codeNow());
    expect(codeOf(wrong)).toBe('sign-in-refused');
    expect((await signIn(codeNow())).status).toBe(200);
  });

  it('guessing codes gets slow, from whatever time on, and the right one waits too', async () => {
    let tried = 0;
    for (let minute = 0; minute < 60; minute++) {
      if (codeOf(await signIn('000000')) === 'second-factor-required') tried += 1;
      staffed.pass(60_000);
    }
    expect(tried).toBeLessThan(15);
    expect((await signIn(codeNow())).status).toBe(429);
    staffed.pass(900_000);
    expect((await signIn(codeNow())).status).toBe(200);
  });

  it('is taken away by its owner with the password, and by an administrator', async () => {
    const { admin } = staffed;
    const wrong = await admin.ask('DELETE', '/me/second-factor', { body: { password: 'wrong' } });
    expect(codeOf(wrong)).toBe('sign-in-refused');
    const right = await admin.ask('DELETE', '/me/second-factor', { body: { password: PASSWORD } });
    expect(right.status).toBe(204);
    expect((await signIn()).status).toBe(200);

    const binh = await staffed.employ('binh', 'viewer');
    const begun = await binh.ask('POST', '/me/second-factor', { body: { password: PASSWORD } });
    secret = fromBase32(begun.body.secret);
    await binh.ask('PUT', '/me/second-factor', { body: { code: codeNow() } });
    const [user] = (await admin.ask('GET', '/users?q=binh')).body.items;
    expect(user.secondFactor).toBe(true);
    const body = { version: user.version, secondFactor: false };
    const changed = await admin.ask('PATCH', `/users/${user.id}`, { body });
    expect(changed.body.secondFactor).toBe(false);
    const alone = await new TestBrowser(staffed.api.url).signIn('binh', PASSWORD);
    expect(alone.status).toBe(200);
  });

  it('the new one counts only once it is confirmed with a right code, soon', async () => {
    const { admin } = staffed;
    await admin.ask('POST', '/me/second-factor', { body: { password: PASSWORD } });
    const wrong = await admin.ask('PUT', '/me/second-factor', { body: { code: '000000' } });
    expect(codeOf(wrong)).toBe('second-factor-required');
    staffed.pass(60_000);
    expect((await signIn(codeNow())).status).toBe(200); // the old one
    staffed.pass(601_000);
    const late = await admin.ask('PUT', '/me/second-factor', { body: { code: '000000' } });
    expect(codeOf(late)).toBe('conflict');
  });
});

function fromBase32(text: string): Buffer {
  const bits = [...text].map(char =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map(byte => Number.parseInt(byte, 2)));
}
