import type { RecordLanguage, RollMark } from '../contract/records.ts';

/** What stands on a record beside its facts. */
export interface RecordWords {
  readonly heading: string;
  /** Where nobody called the roll. */
  readonly headingUncalled: string;
  readonly meeting: string;
  readonly began: string;
  readonly ended: string;
  readonly ledBy: string;
  /** Called the roll. */
  readonly nobody: string;
  readonly corrects: string;
  readonly present: string;
  readonly headcountSum: string;
  readonly columns: {
    readonly number: string;
    readonly name: string;
    readonly kind: string;
    readonly mark: string;
    readonly arrived: string;
    readonly headcount: string;
    readonly note: string;
  };
  readonly kinds: Readonly<Record<'site' | 'person', string>>;
  readonly marks: Readonly<Record<RollMark, string>>;
  readonly signedBy: string;
  readonly unsigned: string;
  readonly signHere: string;
  readonly attendance: string;
  readonly attendanceColumns: {
    readonly name: string;
    readonly kind: string;
    readonly came: string;
    readonly went: string;
  };
  readonly chat: string;
  /** Under the headings of what the system keeps by itself. */
  readonly notSigned: string;
  readonly chatColumns: { readonly at: string; readonly name: string; readonly text: string };
  /** Between a number and how many there are. */
  readonly of: string;
  readonly page: string;
  readonly record: string;
}

export const RECORD_WORDS: Readonly<Record<RecordLanguage, RecordWords>> = {
  vi: {
    heading: 'BIÊN BẢN ĐIỂM DANH CUỘC HỌP TRỰC TUYẾN',
    headingUncalled: 'BIÊN BẢN CUỘC HỌP TRỰC TUYẾN',
    meeting: 'Cuộc họp',
    began: 'Bắt đầu',
    ended: 'Kết thúc',
    ledBy: 'Người điểm danh',
    nobody: 'Không điểm danh; hệ thống tự ghi ai đã kết nối',
    corrects: 'Sửa đổi cho biên bản',
    present: 'Có mặt',
    headcountSum: 'Tổng số người dự',
    columns: {
      number: 'STT',
      name: 'Điểm cầu, người dự',
      kind: 'Loại',
      mark: 'Tình trạng',
      arrived: 'Vào lúc',
      headcount: 'Số người',
      note: 'Ghi chú',
    },
    kinds: { site: 'Điểm cầu', person: 'Máy tính cá nhân' },
    marks: {
      unmarked: 'Chưa điểm danh',
      present: 'Có mặt',
      late: 'Đến muộn',
      absent: 'Vắng mặt',
    },
    signedBy: 'Đã xác nhận bởi',
    unsigned: 'Biên bản này chưa được xác nhận.',
    signHere: 'Chữ ký',
    attendance: 'Phụ lục: thời gian vào và rời cuộc họp',
    attendanceColumns: {
      name: 'Điểm cầu, người dự',
      kind: 'Loại',
      came: 'Vào lúc',
      went: 'Rời lúc',
    },
    chat: 'Phụ lục: nội dung trao đổi bằng chữ',
    notSigned: 'Không thuộc phần được xác nhận: hệ thống ghi lại đến khi cuộc họp kết thúc.',
    chatColumns: { at: 'Lúc', name: 'Người viết', text: 'Nội dung' },
    of: 'trên',
    page: 'Trang',
    record: 'Mã biên bản',
  },
  en: {
    heading: 'ROLL CALL OF THE VIDEO CONFERENCE',
    headingUncalled: 'RECORD OF THE VIDEO CONFERENCE',
    meeting: 'Meeting',
    began: 'Began',
    ended: 'Ended',
    ledBy: 'Roll called by',
    nobody: 'Nobody; the system noted who was connected',
    corrects: 'Corrects record',
    present: 'Present',
    headcountSum: 'People in all',
    columns: {
      number: 'No.',
      name: 'Site, person',
      kind: 'Kind',
      mark: 'State',
      arrived: 'Came at',
      headcount: 'People',
      note: 'Note',
    },
    kinds: { site: 'Site', person: 'Laptop' },
    marks: { unmarked: 'Not marked', present: 'Present', late: 'Late', absent: 'Absent' },
    signedBy: 'Signed off by',
    unsigned: 'This record has not been signed off.',
    signHere: 'Signature',
    attendance: 'Appendix: who came and went',
    attendanceColumns: { name: 'Site, person', kind: 'Kind', came: 'Came at', went: 'Left at' },
    chat: 'Appendix: chat of the meeting',
    notSigned: 'Not part of what is signed off: kept by the system until the meeting ends.',
    chatColumns: { at: 'At', name: 'Who', text: 'Text' },
    of: 'of',
    page: 'Page',
    record: 'Record',
  },
};
