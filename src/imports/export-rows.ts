/** What there is as lines of text, which an import takes for the same. */
import type { ConferenceView } from '../contract/conferences.ts';
import type { SiteView } from '../contract/sites.ts';
import { CONFERENCE_COLUMNS, type ConferenceKey } from './conference-columns.ts';
import {
  ENDPOINT_KEYS,
  type EndpointKey,
  SITE_COLUMNS,
  type SiteColumnKey,
} from './site-columns.ts';

type Groups = ReadonlyMap<string, string>;

/** A line for each endpoint; a site of several has several lines. Passwords are not known. */
export function siteLines(sites: readonly SiteView[], groups: Groups): string[][] {
  const lines = sites.flatMap(site => {
    const endpoints: readonly (SiteView['endpoints'][number] | undefined)[] =
      site.endpoints.length > 0 ? site.endpoints : [undefined];
    return endpoints.map(endpoint =>
      SITE_COLUMNS.map(({ key }) =>
        isOfEndpoint(key) ? endpointText(endpoint, key) : siteText(site, key, groups),
      ),
    );
  });
  return [SITE_COLUMNS.map(({ name }) => name.vi), ...lines];
}

function siteText(
  site: SiteView,
  key: Exclude<SiteColumnKey, EndpointKey>,
  groups: Groups,
): string {
  if (key === 'group') return groups.get(site.groupId ?? '') ?? '';
  if (key !== 'lineSpeedBps') return site[key] ?? '';
  const { lineSpeedBps } = site;
  return lineSpeedBps === undefined ? '' : String(lineSpeedBps / 1_000_000);
}

const ROLES = { main: 'chính', backup: 'dự phòng' } as const;

function endpointText(endpoint: SiteView['endpoints'][number] | undefined, key: EndpointKey) {
  if (!endpoint || key === 'sipPassword') return '';
  if (key === 'fixedAddresses') return endpoint.fixedAddresses.join('; ');
  return key === 'role' ? ROLES[endpoint.role] : (endpoint[key] ?? '');
}

function isOfEndpoint(key: SiteColumnKey): key is EndpointKey {
  return ENDPOINT_KEYS.includes(key as EndpointKey);
}

/** @param siteNames what the import finds a site by: its number, or its name where it has none */
export function conferenceLines(
  conferences: readonly ConferenceView[],
  groups: Groups,
  siteNames: ReadonlyMap<string, string>,
): string[][] {
  const lines = conferences.map(conference =>
    CONFERENCE_COLUMNS.map(({ key }) => conferenceText(conference, key, groups, siteNames)),
  );
  return [CONFERENCE_COLUMNS.map(({ name }) => name.vi), ...lines];
}

function conferenceText(
  conference: ConferenceView,
  key: ConferenceKey,
  groups: Groups,
  siteNames: ReadonlyMap<string, string>,
): string {
  const { schedule, members } = conference;
  const sites = (role: 'hq' | 'site' | 'observer') =>
    members
      .filter(member => member.role === role)
      .map(({ siteId }) => siteNames.get(siteId))
      .filter(name => name !== undefined)
      .join('; ');
  const texts: Readonly<Record<ConferenceKey, string | undefined>> = {
    name: conference.name,
    number: conference.number,
    alias: conference.alias,
    pin: '',
    chairPin: '',
    startsAt: schedule?.startsAt.replace('T', ' '),
    durationMin: schedule && String(schedule.durationMin),
    repeats: schedule?.rrule,
    timeZone: schedule?.timeZone,
    agenda: conference.agenda,
    sites: sites('site'),
    hq: sites('hq'),
    observers: sites('observer'),
    group: groups.get(conference.groupId ?? ''),
    layout: conference.layout,
    muteOnEntry: conference.muteOnEntry ? 'có' : 'không',
  };
  return texts[key] ?? '';
}

const SITE_EXAMPLE: Partial<Record<SiteColumnKey, string>> = {
  name: 'UBND xã Tân Phú',
  number: '1001',
  district: 'Huyện Đông Sơn',
  commune: 'Xã Tân Phú',
  contactName: 'Nguyễn Văn An',
  contactPhone: '0912 345 678',
  sipUsername: 'xa-tan-phu',
  sipPassword: 'hãy đổi mật khẩu này',
  role: 'chính',
  lineSpeedBps: '10',
  srtp: 'nếu được',
  notes: 'Phòng họp tầng 2',
};
const CONFERENCE_EXAMPLE: Partial<Record<ConferenceKey, string>> = {
  name: 'Giao ban đầu tuần',
  number: '9001',
  alias: 'giao-ban',
  startsAt: '07/12/2026 07:30',
  durationMin: '90',
  repeats: 'hằng tuần',
  hq: '1000',
  sites: '1001; 1002; 1003',
  muteOnEntry: 'có',
};

/** An example to fill in. */
export const TEMPLATES = {
  sites: [
    SITE_COLUMNS.map(({ name }) => name.vi),
    SITE_COLUMNS.map(({ key }) => SITE_EXAMPLE[key] ?? ''),
  ],
  conferences: [
    CONFERENCE_COLUMNS.map(({ name }) => name.vi),
    CONFERENCE_COLUMNS.map(({ key }) => CONFERENCE_EXAMPLE[key] ?? ''),
  ],
} as const;
