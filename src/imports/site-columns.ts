import type { Column } from './columns.ts';

/** Columns of a site; the rest are of its endpoints. */
export const SITE_KEYS = [
  'name',
  'number',
  'district',
  'commune',
  'contactName',
  'contactPhone',
  'group',
  'lineSpeedBps',
  'srtp',
  'layout',
  'notes',
] as const;
export const ENDPOINT_KEYS = [
  'sipUsername',
  'sipPassword',
  'dialAddress',
  'dialTransport',
  'fixedAddresses',
  'vendor',
  'model',
  'quirks',
  'role',
] as const;
export type SiteKey = (typeof SITE_KEYS)[number];
export type EndpointKey = (typeof ENDPOINT_KEYS)[number];
export type SiteColumnKey = SiteKey | EndpointKey;

const text = (max: number) => ({
  vi: `chữ, nhiều nhất ${max} ký tự`,
  en: `text of ${max} characters at most`,
});

/** In the order in which they are written. */
export const SITE_COLUMNS: readonly Column<SiteColumnKey>[] = [
  {
    key: 'name',
    name: { vi: 'Tên điểm cầu', en: 'Name' },
    aliases: ['Điểm cầu', 'Tên', 'Tên đơn vị', 'Đơn vị', 'Site', 'Site name'],
    allowed: { vi: 'tên, nhiều nhất 100 ký tự', en: 'a name of 100 characters at most' },
  },
  {
    key: 'number',
    name: { vi: 'Số', en: 'Number' },
    aliases: ['Số gọi', 'Số máy', 'Số điểm cầu', 'Mã số', 'Số ngắn', 'Short number'],
    allowed: { vi: '1 đến 12 chữ số', en: '1 to 12 digits' },
  },
  {
    key: 'district',
    name: { vi: 'Huyện', en: 'District' },
    aliases: ['Quận', 'Quận/Huyện', 'Huyện/Quận', 'Thị xã', 'Tên huyện'],
    allowed: text(100),
  },
  {
    key: 'commune',
    name: { vi: 'Xã', en: 'Commune' },
    aliases: ['Phường', 'Xã/Phường', 'Phường/Xã', 'Xã, phường, thị trấn', 'Thị trấn', 'Ward'],
    allowed: text(100),
  },
  {
    key: 'contactName',
    name: { vi: 'Người liên hệ', en: 'Contact' },
    aliases: ['Cán bộ phụ trách', 'Phụ trách', 'Liên hệ', 'Họ tên', 'Contact person'],
    allowed: text(100),
  },
  {
    key: 'contactPhone',
    name: { vi: 'Điện thoại', en: 'Phone' },
    aliases: ['Số điện thoại', 'SĐT', 'ĐT', 'Di động', 'Telephone', 'Contact phone'],
    allowed: {
      vi: 'số điện thoại, như 0912 345 678',
      en: 'a telephone number, like 0912 345 678',
    },
  },
  {
    key: 'group',
    name: { vi: 'Nhóm', en: 'Group' },
    aliases: ['Nhóm điểm cầu', 'Site group'],
    allowed: { vi: 'tên một nhóm đã có', en: 'the name of a group that is there' },
  },
  {
    key: 'sipUsername',
    name: { vi: 'Tài khoản SIP', en: 'SIP account' },
    aliases: ['Tài khoản', 'SIP user', 'SIP username', 'User SIP', 'Account'],
    allowed: {
      vi: 'chữ không dấu, chữ số và . _ ~ + -',
      en: 'letters, digits and . _ ~ + - only',
    },
  },
  {
    key: 'sipPassword',
    name: { vi: 'Mật khẩu SIP', en: 'SIP password' },
    aliases: ['Mật khẩu', 'Password', 'Pass SIP'],
    allowed: {
      vi: 'mật khẩu của tài khoản SIP, nhiều nhất 128 ký tự',
      en: 'the password of the SIP account, 128 characters at most',
    },
  },
  {
    key: 'dialAddress',
    name: { vi: 'Địa chỉ gọi', en: 'Dial address' },
    aliases: ['Địa chỉ IP', 'IP', 'Địa chỉ', 'IP address', 'Address'],
    allowed: {
      vi: 'địa chỉ như 10.1.2.3, hall@10.1.2.3 hoặc 10.1.2.3:5060',
      en: 'an address like 10.1.2.3, hall@10.1.2.3 or 10.1.2.3:5060',
    },
  },
  {
    key: 'dialTransport',
    name: { vi: 'Giao thức', en: 'Transport' },
    aliases: ['Giao thức gọi', 'SIP transport', 'Protocol'],
    allowed: { vi: 'udp, tcp hoặc tls', en: 'udp, tcp or tls' },
  },
  {
    key: 'fixedAddresses',
    name: { vi: 'Địa chỉ cố định', en: 'Fixed addresses' },
    aliases: ['IP cố định', 'Mạng cố định', 'Fixed address'],
    allowed: {
      vi: 'địa chỉ hoặc mạng như 10.1.0.0/16, cách nhau bằng dấu ;',
      en: 'addresses or networks like 10.1.0.0/16, with ; between them',
    },
  },
  {
    key: 'vendor',
    name: { vi: 'Hãng', en: 'Vendor' },
    aliases: ['Hãng sản xuất', 'Nhà sản xuất', 'Manufacturer'],
    allowed: text(100),
  },
  {
    key: 'model',
    name: { vi: 'Model', en: 'Model' },
    aliases: ['Kiểu máy', 'Thiết bị', 'Loại thiết bị', 'Mẫu máy', 'Device'],
    allowed: text(100),
  },
  {
    key: 'quirks',
    name: { vi: 'Đặc tính thiết bị', en: 'Quirks' },
    aliases: ['Quirk'],
    allowed: {
      vi: 'tên một dòng trong bảng đặc tính thiết bị, hoặc để trống',
      en: 'the name of a row of device oddities, or leave it empty',
    },
  },
  {
    key: 'role',
    name: { vi: 'Chính/dự phòng', en: 'Main/backup' },
    aliases: ['Vai trò', 'Vai trò thiết bị', 'Role'],
    allowed: { vi: 'chính hoặc dự phòng', en: 'main or backup' },
  },
  {
    key: 'lineSpeedBps',
    name: { vi: 'Tốc độ đường truyền (Mbps)', en: 'Line speed (Mbps)' },
    aliases: ['Tốc độ đường truyền', 'Băng thông', 'Bandwidth', 'Line speed', 'Tốc độ'],
    allowed: {
      vi: 'tốc độ từ 64 kbps đến 1000 Mbps, như 10 hoặc 512 kbps',
      en: 'a speed from 64 kbps to 1000 Mbps, like 10 or 512 kbps',
    },
  },
  {
    key: 'srtp',
    name: { vi: 'SRTP', en: 'SRTP' },
    aliases: ['Mã hóa', 'Encryption'],
    allowed: { vi: 'tắt, nếu được hoặc bắt buộc', en: 'off, best-effort or required' },
  },
  {
    key: 'layout',
    name: { vi: 'Bố cục', en: 'Layout' },
    aliases: ['Bố cục màn hình', 'Kiểu hiển thị'],
    allowed: {
      vi: 'auto, speaker, grid, lecture, hq-speaker hoặc full',
      en: 'auto, speaker, grid, lecture, hq-speaker or full',
    },
  },
  {
    key: 'notes',
    name: { vi: 'Ghi chú', en: 'Notes' },
    aliases: ['Chú thích', 'Note', 'Remarks'],
    allowed: text(2000),
  },
];
