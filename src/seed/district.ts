/** A district as it could be: names, numbers, people and meetings for trying the product out. */
import type { ConferenceRequest } from '../contract/conferences.ts';
import type { Role } from '../contract/permissions.ts';
import type { SiteRequest } from '../contract/sites.ts';

export interface SeedSite extends SiteRequest {
  /** Which of the groups it is in. */
  readonly group: number;
}

/** A conference; its members as places in the list of sites. */
export interface SeedConference extends Omit<ConferenceRequest, 'members'> {
  readonly hq: number;
  readonly members: readonly number[];
}

export interface SeedAccount {
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  /** Limited to this group. */
  readonly group?: number;
}

export interface Seed {
  readonly groups: readonly string[];
  readonly sites: readonly SeedSite[];
  readonly conferences: readonly SeedConference[];
  readonly accounts: readonly SeedAccount[];
}

const DISTRICTS = ['Đông Sơn', 'Tân Lập', 'Yên Bình', 'Phú Lộc', 'Hòa An', 'Long Hải', 'Thanh Vân'];
const FIRST = [
  'Tân',
  'An',
  'Bình',
  'Phú',
  'Hòa',
  'Long',
  'Vĩnh',
  'Thạnh',
  'Đông',
  'Mỹ',
  'Xuân',
  'Thanh',
  'Hưng',
  'Quảng',
];
const SECOND = [
  'Lợi',
  'Thành',
  'Lộc',
  'Phong',
  'Sơn',
  'Thủy',
  'Trung',
  'Đức',
  'Hải',
  'Giang',
  'Khê',
  'Minh',
  'Tiến',
];
const FAMILY = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ'];
const MIDDLE = ['Văn', 'Thị', 'Đức', 'Minh', 'Thanh', 'Quốc', 'Ngọc'];
const GIVEN = [
  'An',
  'Bình',
  'Cường',
  'Dung',
  'Hạnh',
  'Hùng',
  'Lan',
  'Mai',
  'Nam',
  'Phúc',
  'Quân',
  'Thảo',
  'Tuấn',
];
const DEVICES = [
  ['Poly', 'Studio X50'],
  ['Cisco', 'Room Kit'],
  ['Yealink', 'MeetingEye 600'],
  ['Logitech', 'Rally Bar'],
  ['Huawei', 'TE30'],
] as const;
/** Sites of one district, its office among them. */
const PER_DISTRICT = 25;
const FIRST_NUMBER = 1000;
const FIRST_CONFERENCE = 9001;

/** @param today like `2026-12-01`; meetings begin in the week after */
export function makeSeed(count: number, today: string, password: () => string): Seed {
  const sites = Array.from({ length: count }, (_, at) => makeSite(at, password));
  const groupCount = Math.ceil(count / PER_DISTRICT);
  const groups = DISTRICTS.slice(0, groupCount).map(name => `Huyện ${name}`);
  return {
    groups,
    sites,
    conferences: groups.flatMap((group, at) => makeConferences(group, at, sites, today)),
    accounts: [
      { login: 'quantri', name: 'Quản trị hệ thống', role: 'administrator' },
      { login: 'vanphong', name: 'Văn phòng UBND', role: 'operator' },
      { login: 'kythuat', name: 'Tổ kỹ thuật', role: 'technician', group: 0 },
      { login: 'chutoa', name: 'Chủ tọa', role: 'chair' },
      { login: 'theodoi', name: 'Người theo dõi', role: 'viewer', group: 0 },
    ],
  };
}

/** How many there can be at most. */
export const MAX_SITES = DISTRICTS.length * PER_DISTRICT;

function makeSite(at: number, password: () => string): SeedSite {
  const group = Math.floor(at / PER_DISTRICT);
  const place = at % PER_DISTRICT;
  const district = DISTRICTS[group] ?? '';
  const commune = place === 0 ? undefined : communeName(at);
  const number = String(FIRST_NUMBER + at);
  const [vendor, model] = pick(DEVICES, at);
  const device = { vendor, model };
  // Every eighth has a second device, every fifth is called at its address.
  const main = { ...device, sipUsername: `diem-${number}`, sipPassword: password() };
  const address = `10.${20 + group}.${place}.10`;
  const called = { ...device, dialAddress: address, fixedAddresses: [address] };
  const backup = {
    sipUsername: `diem-${number}-2`,
    sipPassword: password(),
    role: 'backup' as const,
  };
  return {
    group,
    name: commune === undefined ? `UBND huyện ${district}` : `UBND xã ${commune}`,
    number,
    district: `Huyện ${district}`,
    ...(commune !== undefined && { commune: `Xã ${commune}` }),
    contactName: `${pick(FAMILY, at * 3)} ${pick(MIDDLE, at * 5)} ${pick(GIVEN, at * 7)}`,
    contactPhone: `09${String(12_000_000 + at * 7_919).padStart(8, '0')}`,
    ...(place === 0 && { notes: 'Điểm cầu chính, phòng họp tầng 2' }),
    lineSpeedBps: place === 0 ? 50_000_000 : pick([4_000_000, 10_000_000, 20_000_000], at),
    endpoints: [place % 5 === 4 ? called : main, ...(place % 8 === 0 ? [backup] : [])],
  };
}

/** Different for each of `MAX_SITES`: the lists' lengths have no divisor in common. */
function communeName(at: number): string {
  return `${pick(FIRST, at)} ${pick(SECOND, at)}`;
}

function makeConferences(
  group: string,
  at: number,
  sites: readonly SeedSite[],
  today: string,
): SeedConference[] {
  const own = sites.flatMap((site, index) => (site.group === at ? [index] : []));
  const [hq = 0, ...members] = own;
  const number = (offset: number) => String(FIRST_CONFERENCE + at * 10 + offset);
  const weekly = (day: 'MO' | 'WE', startsAt: string, durationMin: number) => ({
    startsAt: `${next(today, day)}T${startsAt}`,
    durationMin,
    rrule: `FREQ=WEEKLY;BYDAY=${day}`,
  });
  return [
    {
      name: `Giao ban đầu tuần ${group.toLowerCase()}`,
      number: number(0),
      alias: `giao-ban-${at + 1}`,
      agenda: 'Kết quả tuần trước, nhiệm vụ tuần này',
      schedule: weekly('MO', '07:30', 90),
      layout: 'hq-speaker',
      muteOnEntry: true,
      hq,
      members,
    },
    {
      name: `Tập huấn chuyển đổi số ${group.toLowerCase()}`,
      number: number(1),
      alias: `tap-huan-${at + 1}`,
      schedule: weekly('WE', '14:00', 120),
      layout: 'lecture',
      hq,
      members: members.slice(0, 12),
    },
    {
      name: `Phòng chống thiên tai ${group.toLowerCase()}`,
      number: number(2),
      alias: `thien-tai-${at + 1}`,
      pin: '2468',
      hq,
      members,
    },
  ];
}

/** The next such day after today. */
function next(today: string, day: 'MO' | 'WE'): string {
  const date = new Date(`${today}T00:00:00Z`);
  const wanted = day === 'MO' ? 1 : 3;
  const days = (wanted - date.getUTCDay() + 7) % 7 || 7;
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

function pick<T>(list: readonly T[], at: number): T {
  return list[at % list.length] as T;
}
