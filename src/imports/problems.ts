import type { ImportProblem } from '../contract/jobs.ts';
import type { Words } from './columns.ts';

/** What can be wrong with a row, and what to do; `{…}` is filled in. */
const REASONS = {
  'column-ignored': {
    vi: 'Không biết cột này là gì nên bỏ qua. Hãy đặt lại tên cột theo tệp mẫu nếu cần nó.',
    en: 'What this column is is not known, so it is left out. Name it as the template does if it matters.',
  },
  'column-twice': {
    vi: 'Cột này có hai lần, chỉ lấy cột đầu. Hãy xóa bớt một cột.',
    en: 'This column is there twice, and the first is taken. Take one away.',
  },
  missing: { vi: 'Ô này trống. Hãy điền {allowed}.', en: 'This is empty. Fill in {allowed}.' },
  wrong: {
    vi: 'Giá trị không đúng. Hãy điền {allowed}.',
    en: 'This cannot be. Fill in {allowed}.',
  },
  'number-mangled': {
    vi: 'Excel đã đổi số này và làm mất chữ số. Hãy định dạng cột là Text rồi nhập lại số.',
    en: 'Excel has changed this number and lost digits. Format the column as text and type it again.',
  },
  'twice-in-file': {
    vi: 'Giá trị này đã có ở dòng {row}. Mỗi nơi phải khác nhau.',
    en: 'Row {row} has this already. It has to be another one each time.',
  },
  'row-twice': {
    vi: 'Dòng này lặp lại dòng {row}. Hãy xóa một trong hai.',
    en: 'This row says what row {row} says. Take one of them away.',
  },
  contradicts: {
    vi: 'Khác với dòng {row} của cùng một điểm cầu. Hãy để giống nhau hoặc để trống.',
    en: 'Row {row} of the same site says something else. Make them the same, or leave this empty.',
  },
  taken: {
    vi: '“{name}” đang dùng giá trị này. Hãy chọn giá trị khác hoặc sửa ở đó trước.',
    en: '“{name}” has this. Choose another one, or change it there first.',
  },
  'taken-elsewhere': {
    vi: 'Một điểm cầu ngoài phạm vi của bạn đang dùng giá trị này. Hãy chọn giá trị khác.',
    en: 'Something outside of your groups has this. Choose another one.',
  },
  'name-ambiguous': {
    vi: 'Có nhiều điểm cầu tên như vậy. Hãy điền thêm số.',
    en: 'Several have this name. Give the number as well.',
  },
  'group-unknown': {
    vi: 'Không có nhóm này. Hãy tạo nhóm trước, hoặc sửa tên cho đúng.',
    en: 'There is no such group. Make it first, or correct its name.',
  },
  'site-unknown': {
    vi: 'Không có điểm cầu “{name}”. Hãy thêm điểm cầu trước, hoặc sửa số cho đúng.',
    en: 'There is no site “{name}”. Add it first, or correct its number.',
  },
  'no-way': {
    vi: 'Thiết bị cần một tài khoản SIP, một địa chỉ cố định hoặc một địa chỉ gọi. Hãy điền một trong ba.',
    en: 'A device needs a SIP account, a fixed address or an address to call. Fill in one of them.',
  },
  'too-many-endpoints': {
    vi: 'Một điểm cầu có nhiều nhất 10 thiết bị. Hãy bớt đi.',
    en: 'A site has 10 devices at most. Take some away.',
  },
} as const satisfies Record<string, Words>;

export type ProblemCode = keyof typeof REASONS;

/** Problems that are told, and keep no row from being taken. */
const HARMLESS: readonly ProblemCode[] = ['column-ignored', 'column-twice'];

export interface ProblemFacts {
  readonly row: number;
  readonly column?: string | undefined;
  readonly value?: string | undefined;
  readonly allowed?: Words | undefined;
  /** For `{row}` and `{name}`. */
  readonly other?: string | number | undefined;
}

/** Longest value that is told again. */
const MAX_VALUE = 100;

export function problem(code: ProblemCode, facts: ProblemFacts): ImportProblem {
  const { row, column, value, allowed, other } = facts;
  const fill = (language: 'vi' | 'en') =>
    REASONS[code][language]
      .replace('{allowed}', () => allowed?.[language] ?? '')
      .replace(/\{(?:row|name)\}/, () => String(other ?? ''));
  return {
    row,
    code,
    reason: { vi: fill('vi'), en: fill('en') },
    ...(column !== undefined && { column }),
    ...(value !== undefined && value !== '' && { value: value.slice(0, MAX_VALUE) }),
  };
}

export function isHarmless({ code }: ImportProblem): boolean {
  return HARMLESS.includes(code as ProblemCode);
}
