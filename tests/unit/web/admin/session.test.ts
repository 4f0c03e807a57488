import { beforeEach, describe, expect, it } from 'vitest';
import { operations } from '../../../../src/contract/operations.ts';
import { addressOf } from '../../../../src/web/admin/lib/client.ts';
import { Session } from '../../../../src/web/admin/lib/session.ts';
import { FakeGateway, refusal, SIGNED_IN, SIGNED_OUT } from './support.ts';

const NO_SITES = { items: [], total: 0 };

describe('a session of the administrator’s pages', () => {
  let gateway: FakeGateway;
  let session: Session;

  beforeEach(() => {
    gateway = new FakeGateway();
    session = new Session(gateway.fetch);
  });

  const phase = () => session.store.get().phase;
  const signIn = async () => {
    gateway.replies([200, SIGNED_IN]);
    await session.load();
  };

  it('says that the gateway cannot be reached, until it can', async () => {
    await session.load();
    expect(phase()).toBe('unreachable');
    gateway.replies([200, SIGNED_OUT]);
    await session.load();
    expect(phase()).toBe('signed-out');
  });

  it('sends its own token with every change, and with nothing else', async () => {
    await signIn();
    gateway.replies([200, NO_SITES], [204]);
    await session.client.call(operations.listSites, { query: { q: 'Tân Phú', limit: 10 } });
    await session.client.call(operations.deleteSite, { params: { id: 'a/b' } });
    const [, list, remove] = gateway.seen;
    expect(list?.path).toBe('/api/v1/sites?q=T%C3%A2n+Ph%C3%BA&limit=10');
    expect(list?.headers['X-CSRF-Token']).toBeUndefined();
    expect(remove).toMatchObject({ method: 'DELETE', path: '/api/v1/sites/a%2Fb' });
    expect(remove?.headers['X-CSRF-Token']).toBe('first');
  });

  it('asks again what met an ended session, once somebody has signed in again', async () => {
    await signIn();
    gateway.replies([401, refusal('auth-required')]);
    const asked = session.client.call(operations.listSites);
    await expect.poll(phase).toBe('expired');
    gateway.replies([200, { ...SIGNED_IN, csrfToken: 'second' }], [200, NO_SITES]);
    await session.signIn({ login: 'lan', password: 'x' });
    expect(await asked).toEqual(NO_SITES);
    expect(phase()).toBe('signed-in');
    expect(session.store.get().view?.csrfToken).toBe('second');
  });

  it('gives up what waited when the page is left', async () => {
    await signIn();
    gateway.replies([401, refusal('auth-required')]);
    const asked = session.client.call(operations.listSites);
    await expect.poll(phase).toBe('expired');
    session.abandon();
    await expect(asked).rejects.toMatchObject({ code: 'auth-required' });
    expect(phase()).toBe('signed-out');
  });

  it('takes a new token when another window has signed in, and asks again', async () => {
    await signIn();
    gateway.replies(
      [403, refusal('csrf-refused')],
      [200, { ...SIGNED_IN, csrfToken: 'new' }],
      [204],
    );
    await session.client.call(operations.deleteSite, { params: { id: 's1' } });
    expect(gateway.seen.at(-1)?.headers['X-CSRF-Token']).toBe('new');
  });

  it('tells that a code is wanted, and stays signed out', async () => {
    gateway.replies([200, SIGNED_OUT], [401, refusal('second-factor-required')]);
    await session.load();
    const tried = session.signIn({ login: 'lan', password: 'x' });
    await expect(tried).rejects.toMatchObject({ code: 'second-factor-required' });
    expect(phase()).toBe('signed-out');
  });

  it('tells which fields were not taken', async () => {
    await signIn();
    const problems = [{ path: 'number', message: '1 to 12 digits' }];
    gateway.replies([400, refusal('bad-request', { problems })]);
    const asked = session.client.call(operations.createSite, { body: { name: 'A', number: 'x' } });
    await expect(asked).rejects.toMatchObject({ code: 'bad-request', fields: problems });
  });

  it('leaves out of an address what is not said', () => {
    const query = { q: '', state: undefined, limit: 5 };
    expect(addressOf(operations.listSites, { query })).toBe('/api/v1/sites?limit=5');
  });
});
