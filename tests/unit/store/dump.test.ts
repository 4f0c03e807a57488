import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newConference } from '../../../src/conferences/conference-input.ts';
import { ConferenceInput } from '../../../src/contract/conferences.ts';
import { SiteInput } from '../../../src/contract/sites.ts';
import { newSiteId } from '../../../src/domain/ids.ts';
import { openPeople } from '../../../src/people/people.ts';
import { setupCodeOf } from '../../../src/people/random-words.ts';
import { stepAt, totpCode } from '../../../src/people/totp.ts';
import { computeHa1 } from '../../../src/sip/digest.ts';
import { newEndpoints } from '../../../src/sites/endpoint-input.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { ANYWHERE } from '../../support/principals.ts';
import { TestBrowser } from '../api/browser.ts';
import { fakeCore, PEOPLE_SECRET, type RunningApi, SILENT, startApi } from '../api/support.ts';

const SECRETS = {
  password: 'bốn con mèo ngủ trưa',
  newPassword: 'hai con gà gáy sáng',
  sipPassword: 'mat-khau-cua-codec',
  guestPin: '48151623',
  chairPin: '73195208',
};

let folder: string;
let store: Store;
let api: RunningApi;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'diemcau-dump-'));
  store = await openStore({ file: join(folder, 'a.sqlite'), log: SILENT });
  const people = openPeople({ store, secret: PEOPLE_SECRET, now: Date.now });
  api = await startApi({ ...fakeCore(), answers: store }, { people });
});
afterEach(async () => {
  await api.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

/** The database with its side files, as one text of bytes. */
function dump(): string {
  return readdirSync(folder)
    .map(file => readFileSync(join(folder, file), 'latin1'))
    .join('');
}

it('the database has no password, PIN, token or code in clear', async () => {
  const browser = new TestBrowser(api.url);
  const setupCode = setupCodeOf(PEOPLE_SECRET);
  await browser.setUp(setupCode, 'an', SECRETS.password);
  const { password, newPassword } = SECRETS;
  const changed = { current: password, password: newPassword };
  expect((await browser.ask('PUT', '/me/password', { body: changed })).status).toBe(204);

  const proof = { body: { password: newPassword } };
  const { secret } = (await browser.ask('POST', '/me/second-factor', proof)).body;
  const bits = [...secret].map(char =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'),
  );
  const bytes = Buffer.from(
    (bits.join('').match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)),
  );
  const code = totpCode(bytes, stepAt(Date.now()));
  const confirmed = await browser.ask('PUT', '/me/second-factor', { body: { code } });
  const { recoveryCodes } = confirmed.body as { recoveryCodes: string[] };
  expect(recoveryCodes).toHaveLength(10);
  const key = 'c0ffee00-1234-4abc-9def-000000000000';
  const token = (
    await browser.ask('POST', '/me/tokens', {
      headers: { 'idempotency-key': key },
      body: { name: 'Giám sát', scopes: ['sites.read'], expiresAtMs: Date.now() + 60_000 },
    })
  ).body.token as string;

  const ha1 = (user: string, word: string) => computeHa1(user, 'diemcau', word);
  const siteId = newSiteId();
  const { endpoints, ...site } = SiteInput.parse({
    name: 'Xã Tân Phú',
    endpoints: [{ sipUsername: 'xa-1', sipPassword: SECRETS.sipPassword }],
  });
  const stored = { id: siteId, name: site.name, endpoints: newEndpoints(siteId, endpoints, ha1) };
  await store.insertSites([stored], ANYWHERE.actor);
  const meeting = ConferenceInput.parse({
    name: 'Giao ban',
    number: '1000',
    alias: 'giao-ban',
    pin: SECRETS.guestPin,
    chairPin: SECRETS.chairPin,
  });
  await store.insertConferences([await newConference(ANYWHERE, meeting)], ANYWHERE.actor);

  const text = dump();
  // What is there in clear is found, so that what is not found is not there.
  for (const known of ['giao-ban', 'xa-1', 'argon2id', 'signed-in', 'second-factor-set'])
    expect(text).toContain(known);
  const session = browser.cookies.get('diemcau') ?? 'none';
  expect(session).toHaveLength(43);
  const clear = {
    ...SECRETS,
    setupCode,
    totpBase32: secret,
    token,
    session,
    csrf: browser.csrfToken ?? 'none',
    idempotencyKey: key,
    ...Object.fromEntries(recoveryCodes.map((one, index) => [`recovery ${index}`, one])),
  };
  for (const [name, word] of Object.entries(clear)) {
    const forms = [
      word,
      word.replaceAll('-', ''),
      Buffer.from(word).toString('base64').replaceAll('=', ''),
      Buffer.from(word).toString('hex'),
      Buffer.from(word).toString('latin1'),
    ];
    for (const form of forms) expect([name, text.includes(form)]).toEqual([name, false]);
  }
  const raw = [bytes.toString('latin1'), bytes.toString('hex'), bytes.toString('base64')];
  for (const form of raw) expect(text.includes(form)).toBe(false);
});
