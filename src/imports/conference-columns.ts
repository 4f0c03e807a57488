import type { Column } from './columns.ts';

export const CONFERENCE_KEYS = [
  'name',
  'number',
  'alias',
  'pin',
  'chairPin',
  'startsAt',
  'durationMin',
  'repeats',
  'timeZone',
  'agenda',
  'sites',
  'hq',
  'observers',
  'group',
  'layout',
  'muteOnEntry',
] as const;
export type ConferenceKey = (typeof CONFERENCE_KEYS)[number];

const SITES = {
  vi: 'số hoặc tên các điểm cầu, cách nhau bằng dấu ;',
  en: 'numbers or names of sites, with ; between them',
};
const PIN = { vi: '4 đến 12 chữ số', en: '4 to 12 digits' };

/** In the order in which they are written. */
export const CONFERENCE_COLUMNS: readonly Column<ConferenceKey>[] = [
  {
    key: 'name',
    name: { vi: 'Tên hội nghị', en: 'Name' },
    aliases: ['Hội nghị', 'Tên cuộc họp', 'Cuộc họp', 'Tên', 'Conference'],
    allowed: { vi: 'tên, nhiều nhất 100 ký tự', en: 'a name of 100 characters at most' },
  },
  {
    key: 'number',
    name: { vi: 'Số', en: 'Number' },
    aliases: ['Số gọi', 'Số phòng', 'Số hội nghị', 'Mã số'],
    allowed: { vi: '1 đến 12 chữ số', en: '1 to 12 digits' },
  },
  {
    key: 'alias',
    name: { vi: 'Bí danh', en: 'Alias' },
    aliases: ['Đường dẫn', 'Link', 'Tên đường dẫn'],
    allowed: {
      vi: 'chữ thường không dấu, chữ số và -',
      en: 'small letters, digits and - only',
    },
  },
  { key: 'pin', name: { vi: 'PIN', en: 'PIN' }, aliases: ['PIN khách', 'Mã PIN'], allowed: PIN },
  {
    key: 'chairPin',
    name: { vi: 'PIN chủ tọa', en: 'Chair PIN' },
    aliases: ['PIN chủ trì'],
    allowed: PIN,
  },
  {
    key: 'startsAt',
    name: { vi: 'Bắt đầu', en: 'Starts' },
    aliases: ['Thời gian', 'Thời gian bắt đầu', 'Ngày giờ', 'Start', 'Starts at'],
    allowed: {
      vi: 'ngày giờ như 01/12/2026 07:30',
      en: 'a date and time like 2026-12-01 07:30',
    },
  },
  {
    key: 'durationMin',
    name: { vi: 'Thời lượng (phút)', en: 'Duration (min)' },
    aliases: ['Thời lượng', 'Số phút', 'Duration', 'Minutes'],
    allowed: { vi: 'số phút từ 5 đến 1440', en: '5 to 1440 minutes' },
  },
  {
    key: 'repeats',
    name: { vi: 'Lặp lại', en: 'Repeats' },
    aliases: ['Chu kỳ', 'RRULE', 'Recurrence'],
    allowed: {
      vi: 'không, hằng ngày, hằng tuần, hằng tháng hoặc một RRULE',
      en: 'no, daily, weekly, monthly or an RRULE',
    },
  },
  {
    key: 'timeZone',
    name: { vi: 'Múi giờ', en: 'Time zone' },
    aliases: ['TZ'],
    allowed: { vi: 'múi giờ như Asia/Ho_Chi_Minh', en: 'a time zone like Asia/Ho_Chi_Minh' },
  },
  {
    key: 'agenda',
    name: { vi: 'Nội dung', en: 'Agenda' },
    aliases: ['Chương trình', 'Nội dung họp'],
    allowed: { vi: 'chữ, nhiều nhất 5000 ký tự', en: 'text of 5000 characters at most' },
  },
  {
    key: 'sites',
    name: { vi: 'Các điểm cầu', en: 'Sites' },
    aliases: ['Điểm cầu', 'Thành phần', 'Danh sách điểm cầu', 'Members'],
    allowed: SITES,
  },
  {
    key: 'hq',
    name: { vi: 'Điểm cầu chủ trì', en: 'Leading site' },
    aliases: ['Chủ trì', 'Điểm cầu chính', 'HQ'],
    allowed: { vi: 'số hoặc tên một điểm cầu', en: 'the number or name of one site' },
  },
  {
    key: 'observers',
    name: { vi: 'Điểm cầu dự thính', en: 'Observers' },
    aliases: ['Dự thính', 'Quan sát'],
    allowed: SITES,
  },
  {
    key: 'group',
    name: { vi: 'Nhóm', en: 'Group' },
    aliases: ['Site group'],
    allowed: { vi: 'tên một nhóm đã có', en: 'the name of a group that is there' },
  },
  {
    key: 'layout',
    name: { vi: 'Bố cục', en: 'Layout' },
    aliases: [],
    allowed: {
      vi: 'auto, speaker, grid, lecture, hq-speaker hoặc full',
      en: 'auto, speaker, grid, lecture, hq-speaker or full',
    },
  },
  {
    key: 'muteOnEntry',
    name: { vi: 'Tắt tiếng khi vào', en: 'Mute on entry' },
    aliases: ['Tắt mic khi vào'],
    allowed: { vi: 'có hoặc không', en: 'yes or no' },
  },
];
