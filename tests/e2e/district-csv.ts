import { passwordOf } from './district.ts';

/** Communes of the first district; the others are numbered. */
export const COMMUNES = [
  ...['Tân Phú', 'Bình Minh', 'Vĩnh Lộc', 'Phước Hậu', 'Đông Thạnh', 'Mỹ Lệ', 'Long Hoà', 'Tân Ân'],
  ...['Phước Lý', 'Trường Bình', 'Mỹ Lộc', 'Phước Lâm', 'Thuận Thành', 'Long Trạch', 'Phước Vân'],
  ...['Long Định', 'Tân Trạch', 'Long Cang', 'Long Sơn', 'Tân Chánh', 'Đông Hoà', 'Phước Tuy'],
  ...['Phước Đông', 'Thạnh Mỹ'],
] as const;

const ROWS = 150;
const HEAD =
  'Tên điểm cầu;Số;Huyện;Người liên hệ;Điện thoại;Tài khoản SIP;Mật khẩu SIP;Tốc độ đường truyền (Mbps)';

/** What is wrong in which row, as a spreadsheet counts them. */
const FAULTS: Readonly<Record<number, Partial<Row>>> = {
  8: { number: 'hai nghìn' },
  43: { phone: 'hỏi văn phòng' },
  121: { name: '' },
};

interface Row {
  readonly name: string;
  readonly number: string;
  readonly phone: string;
}

/** The SIP account of the site in a row of the first district, from 0. */
export function usernameOf(index: number): string {
  return `xa-${index}`;
}

/** A district's list as an office keeps it: 150 rows, three of them faulty; 24 in Cần Giuộc. */
export function districtCsv(): string {
  const lines = Array.from({ length: ROWS }, (_, index) => line(index));
  return [HEAD, ...lines].join('\r\n');
}

function line(index: number): string {
  // The faulty row among the first lies between good ones, and is not of Cần Giuộc.
  const isFaulty = index + 2 in FAULTS;
  const rank = index < 7 ? index : index - 1;
  const commune = isFaulty ? undefined : COMMUNES[rank];
  const usual: Row = {
    name: `Xã ${commune ?? `số ${index}`}`,
    number: String(2000 + index),
    phone: `0912 345 ${100 + index}`,
  };
  const { name, number, phone } = { ...usual, ...FAULTS[index + 2] };
  const username = usernameOf(index);
  return [
    ...[name, number, commune ? 'Cần Giuộc' : 'Cần Đước', 'Nguyễn Văn An', phone],
    ...[username, passwordOf(username), String(2 + (index % 8))],
  ].join(';');
}
