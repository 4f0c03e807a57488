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
const running: Fixture = ({ conferenceId }) => ({ params: { id: conferenceId } });
const site = (world: World) => {
  const word = world.fresh();
  return { name: `Xã ${word}`, endpoints: [{ sipUsername: word, sipPassword: 'bí mật' }] };
};
const meeting = (world: World) => {
  const word = world.fresh();
  return { name: `Họp ${word}`, number: word.replace('w', '7'), alias: word };
};
const newSite: Fixture = async world => ({
  params: { id: await world.create('/sites', site(world)) },
});
const newGroup: Fixture = async world => ({
  params: { id: await world.create('/site-groups', { name: world.fresh() }) },
});
const newConference: Fixture = async world => ({
  params: { id: await world.create('/conferences', meeting(world)) },
});

const newMeeting: Fixture = async world => {
  const id = await world.create('/conferences', meeting(world));
  await world.create(`/conferences/${id}/meeting`, { dial: 'none' });
  return { params: { id } };
};

const newRecord: Fixture = async world => ({ params: { id: await world.record() } });

const webhook = (world: World) => ({
  name: world.fresh(),
  url: 'http://127.0.0.1:9/hook',
  events: ['site.state-changed'],
});
const newJob: Fixture = async world => {
  const headers = { 'content-type': 'text/csv' };
  const body = 'Tên điểm cầu,Số\nXã Tân Phú,4001\n';
  const answer = await world.admin.ask('POST', '/import/sites?dryRun=true', { body, headers });
  return { browser: world.admin, params: { id: answer.body.id } };
};

/** By id: what each operation needs. One without stops the tests. */
export const FIXTURES: Readonly<Record<string, Fixture>> = {
  listSites: () => ({ query: { q: 'xã', sort: '-name', limit: '5' } }),
  createSite: world => ({ body: site(world) }),
  createSites: world => ({ body: { sites: [site(world), site(world)] } }),
  getSite: newSite,
  updateSite: async world => ({
    ...(await newSite(world)),
    body: { version: 1, notes: 'Phòng họp tầng 2', number: null },
  }),
  deleteSite: newSite,
  endpointHistory: async world => {
    const { params } = await newSite(world);
    const path = `/sites/${params?.id}`;
    const { body } = await world.admin.ask('GET', path);
    return { params: { ...params, endpointId: body.endpoints[0].id } };
  },
  listSiteGroups: nothing,
  createSiteGroup: world => ({ body: { name: world.fresh() } }),
  renameSiteGroup: async world => ({ ...(await newGroup(world)), body: { name: world.fresh() } }),
  deleteSiteGroup: newGroup,

  listConferences: () => ({ query: { live: 'true', sort: 'nextStartsAtMs' } }),
  createConference: world => ({
    body: {
      ...meeting(world),
      pin: '1357',
      schedule: { startsAt: '2026-12-01T07:30', durationMin: 90, rrule: 'FREQ=WEEKLY;BYDAY=TU' },
    },
  }),
  createConferences: world => ({ body: { conferences: [meeting(world), meeting(world)] } }),
  getConference: newConference,
  updateConference: async world => ({
    ...(await newConference(world)),
    body: { version: 1, layout: 'lecture' },
  }),
  deleteConference: newConference,
  changeMapping: async world => {
    const siteId = await world.create('/sites', site(world));
    return { body: { add: [{ conferenceId: world.conferenceId, siteId }] } };
  },
  calendar: () => ({ query: { fromMs: '1780000000000', toMs: '1790000000000' } }),

  listMeetings: () => ({ query: { state: 'running', sort: 'conferenceName' } }),
  getMeeting: newMeeting,
  startMeeting: async world => ({ ...(await newConference(world)), body: { dial: 'none' } }),
  endMeeting: newMeeting,
  extendMeeting: async world => {
    const { params } = await newConference(world);
    const body = { dial: 'none', durationMin: 60 };
    await world.create(`/conferences/${params?.id}/meeting`, body);
    return { ...(params && { params }), body: { minutes: 15 } };
  },
  listRecords: () => ({
    query: { signed: 'true', sort: 'title', q: 'giao', fromMs: '1', toMs: '4000000000000' },
  }),
  getRecord: newRecord,
  getRecordFile: async world => ({
    ...(await newRecord(world)),
    query: { format: 'csv', language: 'en' },
  }),
  lockMeeting: async world => ({ ...(await newMeeting(world)), body: { locked: true } }),
  showMessage: async world => ({ ...(await newMeeting(world)), body: { text: 'Nghỉ mười phút' } }),
  dialSites: async world => ({ ...(await newMeeting(world)), body: { sites: 'missing' } }),
  cancelDialling: newMeeting,
  hangUpSite: async world => {
    const siteId = await world.create('/sites', site(world));
    const members = [{ siteId, dial: 'in' }];
    const id = await world.create('/conferences', { ...meeting(world), members });
    await world.create(`/conferences/${id}/meeting`, { dial: 'none' });
    return { params: { id }, body: { siteIds: [siteId] } };
  },
  muteAll: world => ({
    ...running(world),
    body: { muted: true, exceptParticipantIds: [world.participantId] },
  }),
  changeParticipant: ({ conferenceId: id, participantId }) => ({
    params: { id, participantId },
    body: { spotlight: true },
  }),
  removeParticipant: async world => ({
    params: { id: world.conferenceId, participantId: await world.join() },
  }),

  listParticipants: running,
  getLayout: running,
  setLayout: world => ({ ...running(world), body: { layout: 'grid', gridSize: 9 } }),
  getSnapshot: ({ conferenceId: id, participantId: participant }) => ({
    params: { id },
    query: { participant },
    expectedError: 'no-picture',
  }),
  listCalls: nothing,
  endCall: () => ({ params: { id: 'k1' } }),
  listCallLog: () => ({ query: { q: 'xa-1', sort: 'startedAtMs', limit: '1' } }),
  getCallTrace: () => ({ params: { id: 'k1' } }),
  listBans: nothing,
  liftBan: () => ({ params: { source: '192.0.2.66' } }),
  getSystem: nothing,
  listSettings: nothing,

  importRows: () => ({
    params: { kind: 'sites' },
    query: { dryRun: 'true' },
    body: 'Tên điểm cầu,Số\nXã Tân Phú,4001\n',
    absentStatus: 400,
  }),
  exportRows: () => ({
    params: { kind: 'sites' },
    query: { format: 'csv' },
    absentStatus: 400,
  }),
  importTemplate: () => ({
    params: { kind: 'conferences' },
    query: { format: 'xlsx' },
    absentStatus: 400,
  }),
  getJob: newJob,
  cancelJob: newJob,
  listWebhooks: nothing,
  createWebhook: world => ({ body: webhook(world) }),
  updateWebhook: async world => ({
    params: { id: await world.create('/webhooks', webhook(world)) },
    body: { version: 1, enabled: false },
  }),
  deleteWebhook: async world => ({
    params: { id: await world.create('/webhooks', webhook(world)) },
  }),

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
