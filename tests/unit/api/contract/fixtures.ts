import { stepAt, totpCode } from '../../../../src/people/totp.ts';
import type { TestBrowser } from '../browser.ts';
import { PASSWORD, type World } from './world.ts';

/** What an operation is asked so that it does what it is for. */
export interface Asking {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Of those that take no token; with one when not given. */
  readonly browser?: TestBrowser;
  /** Status for a path in which nothing is known; 404 when not given. */
  readonly absentStatus?: number;
  /** Where success needs what no test of this kind has, like a second factor. */
  readonly expectedError?: string;
}

export type Fixture = (world: World) => Asking | Promise<Asking>;

const nothing: Fixture = () => ({});
const conference: Fixture = () => ({ params: { id: 'c1' } });

/** By id: what each operation needs. One without stops the tests. */
export const FIXTURES: Readonly<Record<string, Fixture>> = {
  listParticipants: conference,
  getLayout: conference,
  setLayout: () => ({ params: { id: 'c1' }, body: { layout: 'grid', gridSize: 9 } }),
  getSnapshot: () => ({ params: { id: 'c1' }, query: { participant: 'p1', of: 'seen' } }),
  listCalls: nothing,
  endCall: () => ({ params: { id: 'k1' } }),
  listCallLog: () => ({ query: { q: 'xa-1', sort: 'startedAtMs', limit: '1' } }),
  getCallTrace: () => ({ params: { id: 'k1' } }),
  listBans: nothing,
  liftBan: () => ({ params: { source: '192.0.2.66' } }),
  getSystem: nothing,
  listSettings: nothing,

  getSession: nothing,
  signIn: async world => {
    const { login } = await world.employ();
    return { body: { login, password: PASSWORD } };
  },
  signOut: async world => ({ browser: (await world.employ()).browser }),
  setUp: () => ({
    body: { setupCode: 'used-already', login: 'binh', name: 'Bình', password: PASSWORD },
    expectedError: 'not-authorized',
  }),
  changeOwnPassword: async world => ({
    browser: (await world.employ()).browser,
    body: { current: PASSWORD, password: `${PASSWORD} và tối` },
  }),
  beginSecondFactor: async world => ({
    browser: (await world.employ()).browser,
    body: { password: PASSWORD },
  }),
  confirmSecondFactor: async world => {
    const { browser } = await world.employ();
    const begun = await browser.ask('POST', '/me/second-factor', { body: { password: PASSWORD } });
    return { browser, body: { code: codeNow(begun.body.secret) } };
  },
  removeSecondFactor: async world => ({
    browser: (await world.employ()).browser,
    body: { password: PASSWORD },
  }),
  listTokens: world => ({ browser: world.admin }),
  createToken: async world => ({
    browser: (await world.employ()).browser,
    body: { name: 'Bảng điều khiển', scopes: ['sites.read'], expiresAtMs: Date.now() + 1e8 },
  }),
  revokeToken: async world => {
    const { browser } = await world.employ();
    const body = { name: 'cũ', scopes: ['sites.read'], expiresAtMs: Date.now() + 1e8 };
    const { body: token } = await browser.ask('POST', '/me/tokens', { body });
    return { browser, params: { id: token.id } };
  },
  listUsers: () => ({ query: { sort: '-login' } }),
  createUser: world => ({
    body: { login: `moi-${world.fresh()}`, name: 'Mới', role: 'viewer', password: PASSWORD },
  }),
  getUser: async world => ({ params: { id: (await world.employ()).id } }),
  updateUser: async world => ({
    params: { id: (await world.employ()).id },
    body: { version: 1, name: 'Tên khác' },
  }),
  deleteUser: async world => ({ params: { id: (await world.employ()).id } }),
  listAudit: () => ({ query: { entity: 'user' } }),
};

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What the authenticator shows now. */
function codeNow(secret: string): string {
  const bits = [...secret].map(sign => BASE32.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/g)?.map(byte => Number.parseInt(byte, 2)) ?? [];
  return totpCode(Uint8Array.from(bytes), stepAt(Date.now()));
}
