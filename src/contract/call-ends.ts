/** One sentence in the languages of the product. */
export interface Words {
  readonly vi: string;
  readonly en: string;
}

/**
 * How a call to or from a site ended, in plain words, with what to do next. Keys are the codes
 * of calls' ends; one that is not here is said by `endWords` in general words.
 */
export const CALL_ENDS: Readonly<Record<string, Words>> = {
  'peer-busy': {
    vi: 'Thiết bị đang bận cuộc gọi khác. Báo điểm cầu ngắt cuộc đó, rồi gọi lại.',
    en: 'The device is in another call. Ask the site to end it, then call again.',
  },
  'peer-declined': {
    vi: 'Điểm cầu đã từ chối cuộc gọi. Gọi điện cho người phụ trách, rồi gọi lại.',
    en: 'Somebody there declined the call. Telephone the contact person, then call again.',
  },
  'peer-no-answer': {
    vi: 'Thiết bị đổ chuông nhưng không ai nghe. Bật tự động trả lời, hoặc gọi điện cho điểm cầu.',
    en: 'It rang and nobody answered. Switch on automatic answer, or telephone the site.',
  },
  'peer-unreachable': {
    vi: 'Không liên lạc được thiết bị. Kiểm tra nguồn điện, dây mạng, địa chỉ và đường truyền.',
    en: 'The device cannot be reached. Check its power, network cable, address and line.',
  },
  'peer-unavailable': {
    vi: 'Thiết bị hiện không nhận cuộc gọi. Tắt chế độ không làm phiền trên thiết bị.',
    en: 'The device takes no calls now. Switch off do-not-disturb on it.',
  },
  'peer-not-found': {
    vi: 'Nơi nhận không biết địa chỉ này. Sửa địa chỉ gọi của thiết bị.',
    en: 'The address is not known there. Correct the dial address of the device.',
  },
  'peer-incompatible': {
    vi: 'Thiết bị không nhận âm thanh, hình ảnh hoặc mã hoá của hệ thống. Kiểm tra cài đặt SRTP và bộ mã.',
    en: 'The device takes none of our codecs or encryption. Check its SRTP setting and its codecs.',
  },
  'peer-forbids': {
    vi: 'Thiết bị không cho phép hệ thống gọi đến. Thêm địa chỉ máy chủ vào danh sách cho phép.',
    en: 'The device does not let us call it. Add the address of this server to those it allows.',
  },
  'peer-moved': {
    vi: 'Thiết bị chuyển cuộc gọi sang địa chỉ không thuộc điểm cầu. Tắt chuyển cuộc gọi trên thiết bị.',
    en: 'The device forwards calls to an address that is not the site’s. Switch forwarding off on it.',
  },
  'peer-failed': {
    vi: 'Thiết bị trả lời bằng một lỗi. Khởi động lại thiết bị, rồi gọi lại.',
    en: 'The device answered with an error. Restart it, then call again.',
  },
  'peer-address-missing': {
    vi: 'Chưa biết gọi thiết bị ở đâu. Nhập địa chỉ gọi, hoặc để thiết bị đăng ký.',
    en: 'It is not known where to call the device. Enter a dial address, or let it register.',
  },
  'answer-missing': {
    vi: 'Thiết bị nhận cuộc gọi nhưng không gửi mô tả âm thanh, hình ảnh. Cập nhật phần mềm thiết bị.',
    en: 'The device took the call without saying how it sends. Update its software.',
  },
  'sdp-invalid': {
    vi: 'Không đọc được mô tả âm thanh, hình ảnh của thiết bị. Cập nhật phần mềm thiết bị.',
    en: 'What the device says of its media cannot be read. Update its software.',
  },
  'no-common-codec': {
    vi: 'Thiết bị và hệ thống không có bộ mã chung. Bật H.264 và G.711 trên thiết bị.',
    en: 'The device and this system have no codec in common. Enable H.264 and G.711 on it.',
  },
  'no-common-crypto': {
    vi: 'Hai bên không thống nhất được mã hoá. Kiểm tra cài đặt SRTP của điểm cầu và thiết bị.',
    en: 'No encryption both can do. Check the SRTP setting of the site and of the device.',
  },
  'conference-locked': {
    vi: 'Cuộc họp đã khoá, không nhận thêm người. Mở khoá, hoặc gọi điểm cầu từ bảng điều hành.',
    en: 'The conference is locked. Unlock it, or call the site from the meeting board.',
  },
  'peer-hangup': {
    vi: 'Điểm cầu đã ngắt cuộc gọi. Gọi lại nếu cần.',
    en: 'The site hung up. Call again if it is needed.',
  },
  'room-hangup': { vi: 'Cuộc họp đã kết thúc.', en: 'The conference has ended.' },
  operator: {
    vi: 'Người điều hành đã ngắt cuộc gọi. Gọi lại nếu cần.',
    en: 'An operator ended the call. Call again if it is needed.',
  },
  cancelled: {
    vi: 'Cuộc gọi đã bị huỷ trước khi có người nghe. Gọi lại nếu cần.',
    en: 'The call was cancelled before it was answered. Call again if it is needed.',
  },
  'media-timeout': {
    vi: 'Đường truyền bị mất: không còn gì đến từ thiết bị. Kiểm tra đường truyền.',
    en: 'The line broke: nothing came from the device any more. Check the line.',
  },
  'ack-timeout': {
    vi: 'Thiết bị không xác nhận cuộc gọi. Kiểm tra tường lửa giữa hai bên.',
    en: 'The device did not confirm the call. Check the firewall between the two.',
  },
  shutdown: {
    vi: 'Hệ thống đã khởi động lại. Cuộc gọi sẽ được gọi lại nếu cuộc họp còn tiếp tục.',
    en: 'The system was restarted. It calls again if the meeting goes on.',
  },
};

const OURS: Words = {
  vi: 'Một phần của hệ thống không hoạt động. Xem trang tình trạng hệ thống, rồi gọi lại.',
  en: 'A part of this system does not work. Look at the system health, then call again.',
};

/** Words for a code of any call's end. */
export function endWords(code: string): Words {
  return CALL_ENDS[code] ?? OURS;
}
