import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOperations } from '../../../src/contract/operations.ts';
import { ROLE_PERMISSIONS, Role } from '../../../src/contract/permissions.ts';
import { TestBrowser } from './browser.ts';
import { type StaffedApi, startStaffedApi } from './people.ts';

let staffed: StaffedApi;
const byRole = new Map<Role, TestBrowser>();
beforeAll(async () => {
  staffed = await startStaffedApi();
  for (const role of Role.options) byRole.set(role, await staffed.employ(`the-${role}`, role));
});
afterAll(() => staffed.api.close());

/** A path with something in the place of each parameter. */
const pathOf = (path: string) => path.replaceAll(/:\w+/g, 'nothing-here');
const closed = allOperations.filter(({ access }) => access !== 'open');
/** Operations of parts that are not mounted in this test are nothing to look at. */
const isServed = async (path: string, method: string) => {
  const { status, body } = await new TestBrowser(staffed.api.url).ask(method, pathOf(path));
  return !(status === 404 && body.error?.message === 'There is nothing here.');
};

describe.each(closed)('$id', ({ method, path, access }) => {
  it('is closed to strangers', async () => {
    if (!(await isServed(path, method))) return;
    const answer = await new TestBrowser(staffed.api.url).ask(method, pathOf(path));
    expect([answer.status, answer.body.error.code]).toEqual([401, 'auth-required']);
  });

  it('is closed to roles that may not, before anything is read', async () => {
    if (access === 'signed-in' || access === 'open' || !(await isServed(path, method))) return;
    for (const [role, browser] of byRole) {
      if (ROLE_PERMISSIONS[role].includes(access)) continue;
      const answer = await browser.ask(method, pathOf(path), { body: 'not even JSON' });
      expect([role, answer.status]).toEqual([role, 403]);
      expect(answer.body.error).toMatchObject({
        code: 'not-authorized',
        details: { permission: access },
      });
    }
  });

  it('is refused to a page that has only the cookie', async () => {
    if (method === 'get' || !(await isServed(path, method))) return;
    const forged = new TestBrowser(staffed.api.url);
    for (const [name, value] of staffed.admin.cookies) forged.cookies.set(name, value);
    const answer = await forged.ask(method, pathOf(path), { body: {} });
    expect([answer.status, answer.body.error.code]).toEqual([403, 'csrf-refused']);
  });
});

it('most operations were looked at', async () => {
  const served = await Promise.all(closed.map(({ path, method }) => isServed(path, method)));
  expect(served.filter(Boolean).length).toBeGreaterThan(30);
});
