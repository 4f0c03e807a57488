import type { ErrorWords } from './error-words.ts';
import type { Words } from './words.ts';

const ASK_THE_SITE: Words = {
  vi: 'Gọi điện cho người phụ trách điểm cầu, rồi gọi lại.',
  en: 'Telephone the site’s contact person, then call again.',
};
const CHECK_THE_DEVICE: Words = {
  vi: 'Kiểm tra cài đặt của thiết bị, rồi gọi lại.',
  en: 'Check the settings of the device, then call again.',
};
const CHECK_THE_LINE: Words = {
  vi: 'Kiểm tra nguồn điện, dây mạng, địa chỉ và đường truyền của điểm cầu.',
  en: 'Check the site’s power, network cable, address and line.',
};

/** Of the codes with which a room codec that was called is not there. */
export const CALLED_WORDS = {
  'peer-busy': {
    meaning: { vi: 'Thiết bị đang bận cuộc gọi khác.', en: 'The device is in another call.' },
    nextStep: ASK_THE_SITE,
  },
  'peer-declined': {
    meaning: { vi: 'Điểm cầu đã từ chối cuộc gọi.', en: 'Somebody there declined the call.' },
    nextStep: ASK_THE_SITE,
  },
  'peer-no-answer': {
    meaning: {
      vi: 'Thiết bị đổ chuông nhưng không ai nghe.',
      en: 'It rang and nobody answered.',
    },
    nextStep: {
      vi: 'Bật tự động trả lời trên thiết bị, hoặc gọi điện cho điểm cầu.',
      en: 'Switch on automatic answer, or telephone the site.',
    },
  },
  'peer-unreachable': {
    meaning: { vi: 'Không liên lạc được thiết bị.', en: 'The device cannot be reached.' },
    nextStep: CHECK_THE_LINE,
  },
  'peer-unavailable': {
    meaning: { vi: 'Thiết bị hiện không nhận cuộc gọi.', en: 'The device takes no calls now.' },
    nextStep: {
      vi: 'Tắt chế độ không làm phiền trên thiết bị.',
      en: 'Switch off do-not-disturb on it.',
    },
  },
  'peer-not-found': {
    meaning: { vi: 'Nơi nhận không biết địa chỉ này.', en: 'The address is not known there.' },
    nextStep: {
      vi: 'Sửa địa chỉ gọi của thiết bị.',
      en: 'Correct the dial address of the device.',
    },
  },
  'peer-incompatible': {
    meaning: {
      vi: 'Thiết bị không nhận âm thanh, hình ảnh hoặc mã hoá của hệ thống.',
      en: 'The device takes none of our codecs or encryption.',
    },
    nextStep: CHECK_THE_DEVICE,
  },
  'peer-forbids': {
    meaning: {
      vi: 'Thiết bị không cho phép hệ thống gọi đến.',
      en: 'The device does not let us call it.',
    },
    nextStep: {
      vi: 'Thêm địa chỉ máy chủ vào danh sách được phép trên thiết bị.',
      en: 'Add the address of this server to those the device allows.',
    },
  },
  'peer-moved': {
    meaning: {
      vi: 'Thiết bị chuyển cuộc gọi sang địa chỉ không thuộc điểm cầu.',
      en: 'The device forwards calls to an address that is not the site’s.',
    },
    nextStep: {
      vi: 'Tắt chuyển cuộc gọi trên thiết bị.',
      en: 'Switch forwarding off on the device.',
    },
  },
  'peer-failed': {
    meaning: {
      vi: 'Thiết bị trả lời bằng một lỗi.',
      en: 'The device answered with an error of its own.',
    },
    nextStep: {
      vi: 'Khởi động lại thiết bị, rồi gọi lại.',
      en: 'Restart the device, then call again.',
    },
  },
  'peer-address-missing': {
    meaning: {
      vi: 'Chưa biết gọi thiết bị ở đâu.',
      en: 'It is not known where to call the device.',
    },
    nextStep: {
      vi: 'Nhập địa chỉ gọi, hoặc để thiết bị đăng ký.',
      en: 'Enter a dial address, or let the device register.',
    },
  },
  'conference-locked': {
    meaning: {
      vi: 'Cuộc họp đã khoá, không nhận thêm người.',
      en: 'The conference is locked and takes nobody new.',
    },
    nextStep: {
      vi: 'Mở khoá cuộc họp, hoặc gọi điểm cầu từ bảng điều hành.',
      en: 'Unlock it, or call the site from the meeting board.',
    },
  },
} as const satisfies Readonly<Record<string, ErrorWords>>;
