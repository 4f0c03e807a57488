/**
 * What each error code means and what to do about it, for people: the pages, the API's reader
 * page and `docs/errors.md` all take it from here.
 */
import type { GatewayErrorCode } from '../domain/errors.ts';
import type { Words } from './words.ts';

export interface ErrorWords {
  readonly meaning: Words;
  readonly nextStep: Words;
}

const TRY_AGAIN: Words = {
  vi: 'Thử lại sau ít phút. Nếu vẫn lỗi, xem trang tình trạng hệ thống.',
  en: 'Try again in some minutes. If it stays so, look at the system health.',
};
const ENGINE_HEALTH: Words = {
  vi: 'Xem trang tình trạng hệ thống; thành phần này tự kết nối lại khi hoạt động trở lại.',
  en: 'Look at the system health; it connects again by itself when the engine is back.',
};
const DEVICE_SETTINGS: Words = {
  vi: 'Bật H.264 và G.711 trên thiết bị, hoặc gửi bản ghi cuộc gọi cho người quản trị.',
  en: 'Enable H.264 and G.711 on the device, or show the call’s messages to the administrator.',
};
const DEVICE_LINE: Words = {
  vi: 'Kiểm tra đường truyền và tường lửa giữa thiết bị và hệ thống, rồi gọi lại.',
  en: 'Check the line and the firewall between the device and this system, then call again.',
};
const DEVICE_SOFTWARE: Words = {
  vi: 'Khởi động lại thiết bị, cập nhật phần mềm của nó, rồi gọi lại.',
  en: 'Restart the device, update its software, then call again.',
};
const REPORT: Words = {
  vi: 'Gửi nhật ký của hệ thống vào lúc đó cho người phát triển.',
  en: 'Send the log of that time to the developers.',
};

/** Of every code of `domain/errors.ts`. */
export const ERROR_WORDS: Readonly<Record<GatewayErrorCode, ErrorWords>> = {
  'bad-message': {
    meaning: { vi: 'Bản tin SIP không đọc được.', en: 'The SIP message cannot be read.' },
    nextStep: DEVICE_SOFTWARE,
  },
  'bad-request': {
    meaning: {
      vi: 'Yêu cầu không hiểu được; “details.problems” nêu từng ô sai.',
      en: 'The request is not understood; `details.problems` names each wrong field.',
    },
    nextStep: {
      vi: 'Sửa các ô được nêu, rồi gửi lại.',
      en: 'Correct the fields and send it again.',
    },
  },
  'auth-required': {
    meaning: { vi: 'Chưa đăng nhập, hoặc phiên đã hết.', en: 'Nobody is signed in, or no longer.' },
    nextStep: {
      vi: 'Đăng nhập, hoặc gửi mã truy cập trong “Authorization: Bearer …”.',
      en: 'Sign in, or give a token as `Authorization: Bearer …`.',
    },
  },
  'not-authorized': {
    meaning: {
      vi: 'Tài khoản không có quyền làm việc này; “details.permission” nêu quyền còn thiếu.',
      en: 'The account may not do this; `details.permission` names what it lacks.',
    },
    nextStep: {
      vi: 'Nhờ người quản trị cấp quyền, hoặc nhờ người có quyền làm.',
      en: 'Ask an administrator for the permission, or somebody who has it.',
    },
  },
  'pin-required': {
    meaning: { vi: 'Cuộc họp có mã PIN.', en: 'The conference asks for a PIN.' },
    nextStep: { vi: 'Nhập mã PIN trong giấy mời.', en: 'Enter the PIN of the invitation.' },
  },
  'pin-wrong': {
    meaning: { vi: 'Mã PIN không đúng.', en: 'The PIN is not the right one.' },
    nextStep: {
      vi: 'Xem lại mã PIN trong giấy mời, hoặc hỏi người tổ chức.',
      en: 'Look at the invitation again, or ask who invited you.',
    },
  },
  'not-found': {
    meaning: {
      vi: 'Không có mục này, hoặc bạn không được xem.',
      en: 'There is nothing of this kind, or nothing you may see.',
    },
    nextStep: {
      vi: 'Tải lại danh sách; có thể người khác vừa xoá.',
      en: 'Load the list again; somebody may have taken it away.',
    },
  },
  'conference-not-found': {
    meaning: {
      vi: 'Không có cuộc họp với số hoặc tên này.',
      en: 'No conference has this number or name.',
    },
    nextStep: {
      vi: 'Kiểm tra số trong giấy mời.',
      en: 'Compare the number with the invitation.',
    },
  },
  'conference-locked': {
    meaning: {
      vi: 'Cuộc họp đã khoá, không nhận thêm người.',
      en: 'The conference is locked: nobody new comes in.',
    },
    nextStep: {
      vi: 'Nhờ người điều hành mở khoá, hoặc để họ gọi điểm cầu vào.',
      en: 'Ask whoever runs the meeting to unlock it, or to call the site.',
    },
  },
  'no-picture': {
    meaning: {
      vi: 'Lúc này không có hình để chụp.',
      en: 'There is no picture to take now; the message says why.',
    },
    nextStep: {
      vi: 'Chờ người tham dự bật camera, rồi thử lại.',
      en: 'Wait until the participant’s camera is on, then try again.',
    },
  },
  conflict: {
    meaning: {
      vi: 'Trùng với mục đã có; “details.field” nêu ô bị trùng.',
      en: 'It is in the way of something that is there; `details.field` names what is taken.',
    },
    nextStep: { vi: 'Chọn giá trị khác.', en: 'Choose another value.' },
  },
  'version-conflict': {
    meaning: {
      vi: 'Người khác đã sửa mục này sau khi bạn mở nó.',
      en: 'Somebody else changed it since you read it.',
    },
    nextStep: {
      vi: 'Tải lại, xem thay đổi, rồi sửa tiếp; “details.current” là phiên bản hiện tại.',
      en: 'Read it again and repeat your change; `details.current` is its version now.',
    },
  },
  'idempotency-conflict': {
    meaning: {
      vi: 'Khoá “Idempotency-Key” này đã đi với một yêu cầu khác, hoặc kết quả của nó không còn biết được.',
      en: 'This `Idempotency-Key` came with another request, or what became of it is not known.',
    },
    nextStep: {
      vi: 'Xem mục đó đã được tạo chưa; nếu chưa, gửi lại với khoá mới.',
      en: 'Look whether it was created; if not, send it with a new key.',
    },
  },
  'sign-in-refused': {
    meaning: { vi: 'Tên đăng nhập hoặc mật khẩu không đúng.', en: 'Wrong account or password.' },
    nextStep: {
      vi: 'Nhập lại; nếu quên, nhờ người quản trị đặt mật khẩu mới.',
      en: 'Type them again; if forgotten, ask an administrator for a new password.',
    },
  },
  'second-factor-required': {
    meaning: {
      vi: 'Cần mã xác thực, hoặc mã vừa nhập không đúng.',
      en: 'A code of the second factor is missing or wrong.',
    },
    nextStep: {
      vi: 'Nhập mã đang hiện trong ứng dụng xác thực, hoặc một mã dự phòng.',
      en: 'Enter the code the authenticator shows now, or a recovery code.',
    },
  },
  'organisation-sign-in-failed': {
    meaning: {
      vi: 'Cổng đăng nhập của cơ quan không trả lời, hoặc trả lời không đúng.',
      en: 'The organisation’s own sign-in did not answer, or not as it should.',
    },
    nextStep: {
      vi: 'Thử lại; nhật ký của gateway ghi câu trả lời của cổng. Mã quản trị vẫn dùng được.',
      en: 'Try once more; the gateway’s log has what the provider answered. The admin token still works.',
    },
  },
  'csrf-refused': {
    meaning: {
      vi: 'Yêu cầu bằng cookie không kèm mã của phiên.',
      en: 'A change by cookie came without the session’s own token.',
    },
    nextStep: {
      vi: 'Tải lại trang; chương trình khác thì dùng mã truy cập.',
      en: 'Load the page again; programs send `X-CSRF-Token`, or use an API token.',
    },
  },
  'file-not-understood': {
    meaning: {
      vi: 'Tệp không phải CSV hoặc XLSX đọc được.',
      en: 'The file is no readable CSV or XLSX.',
    },
    nextStep: {
      vi: 'Tải tệp mẫu, điền vào đó, rồi nhập lại.',
      en: 'Take the example file, fill it in, and import that.',
    },
  },
  'too-large': {
    meaning: { vi: 'Dữ liệu gửi lên quá lớn.', en: 'What was sent is too large.' },
    nextStep: { vi: 'Chia thành nhiều phần nhỏ.', en: 'Send it in smaller parts.' },
  },
  'content-type-unsupported': {
    meaning: { vi: 'Kiểu nội dung không được hỗ trợ.', en: 'What was sent is of no known type.' },
    nextStep: {
      vi: 'Gửi JSON với “Content-Type: application/json”.',
      en: 'Send JSON with `Content-Type: application/json`.',
    },
  },
  'sdp-invalid': {
    meaning: {
      vi: 'Không đọc được mô tả âm thanh, hình ảnh của thiết bị.',
      en: 'What the device says of its sound and picture cannot be read.',
    },
    nextStep: DEVICE_SOFTWARE,
  },
  'no-common-codec': {
    meaning: {
      vi: 'Thiết bị và hệ thống không có bộ mã chung.',
      en: 'The device and this system have no codec in common.',
    },
    nextStep: DEVICE_SETTINGS,
  },
  'no-common-crypto': {
    meaning: {
      vi: 'Hai bên không thống nhất được mã hoá.',
      en: 'There is no encryption both can do.',
    },
    nextStep: {
      vi: 'Kiểm tra cài đặt SRTP của điểm cầu và của thiết bị.',
      en: 'Check the SRTP setting of the site and of the device.',
    },
  },
  'rate-limited': {
    meaning: {
      vi: 'Quá nhiều yêu cầu trong thời gian ngắn.',
      en: 'Too many requests in a short time.',
    },
    nextStep: {
      vi: 'Chờ số giây ghi trong “Retry-After”, rồi thử lại.',
      en: 'Wait for the seconds of `Retry-After`, then try again.',
    },
  },
  'media-relay-down': {
    meaning: {
      vi: 'Bộ chuyển tiếp âm thanh, hình ảnh không trả lời.',
      en: 'The media relay does not answer.',
    },
    nextStep: ENGINE_HEALTH,
  },
  'media-relay-refused': {
    meaning: {
      vi: 'Bộ chuyển tiếp âm thanh, hình ảnh từ chối.',
      en: 'The media relay refused what it was asked.',
    },
    nextStep: TRY_AGAIN,
  },
  'room-server-down': {
    meaning: { vi: 'Máy chủ phòng họp không trả lời.', en: 'The room server does not answer.' },
    nextStep: ENGINE_HEALTH,
  },
  'stage-down': {
    meaning: { vi: 'Bộ ghép hình không trả lời.', en: 'What composes pictures does not answer.' },
    nextStep: ENGINE_HEALTH,
  },
  'media-ports-exhausted': {
    meaning: { vi: 'Hết cổng cho âm thanh, hình ảnh.', en: 'There are no media ports left.' },
    nextStep: {
      vi: 'Kết thúc cuộc gọi không dùng, hoặc mở rộng dải cổng trong tệp cài đặt.',
      en: 'End calls nobody needs, or widen the port range in the settings.',
    },
  },
  'room-server-refused': {
    meaning: { vi: 'Máy chủ phòng họp từ chối.', en: 'The room server refused what it was asked.' },
    nextStep: TRY_AGAIN,
  },
  'store-unavailable': {
    meaning: { vi: 'Cơ sở dữ liệu không trả lời.', en: 'The database does not answer.' },
    nextStep: {
      vi: 'Kiểm tra dung lượng ổ đĩa và cơ sở dữ liệu; không có gì bị thay đổi.',
      en: 'Check free disk space and the database; nothing was changed.',
    },
  },
  'sip-server-down': {
    meaning: {
      vi: 'Mất kết nối với máy chủ SIP.',
      en: 'The connection to the SIP server was lost.',
    },
    nextStep: ENGINE_HEALTH,
  },
  'content-taken': {
    meaning: {
      vi: 'Người khác đang chia sẻ màn hình; “details.name” nêu tên.',
      en: 'Somebody else shares a screen; `details.name` says who.',
    },
    nextStep: { vi: 'Chờ người đó dừng chia sẻ.', en: 'Wait until they stop sharing.' },
  },
  'answer-missing': {
    meaning: {
      vi: 'Thiết bị nhận cuộc gọi nhưng không gửi mô tả âm thanh, hình ảnh.',
      en: 'The device took the call without saying how it sends.',
    },
    nextStep: DEVICE_SOFTWARE,
  },
  'offer-refused': {
    meaning: {
      vi: 'Thiết bị không nhận thay đổi trong cuộc gọi.',
      en: 'The device took no change while the call ran.',
    },
    nextStep: DEVICE_SOFTWARE,
  },
  'menu-unanswered': {
    meaning: {
      vi: 'Lời hướng dẫn đã hỏi nhưng không ai bấm phím.',
      en: 'The voice menu asked and nobody pressed a key.',
    },
    nextStep: {
      vi: 'Gọi lại và bấm số cuộc họp, hoặc gán điểm cầu vào một cuộc họp.',
      en: 'Call again and press the conference’s number, or put the site into a conference.',
    },
  },
  'peer-busy': {
    meaning: { vi: 'Thiết bị đang bận cuộc gọi khác.', en: 'The device is in another call.' },
    nextStep: {
      vi: 'Báo điểm cầu ngắt cuộc đó, rồi gọi lại.',
      en: 'Ask the site to end it, then call again.',
    },
  },
  'peer-declined': {
    meaning: { vi: 'Điểm cầu đã từ chối cuộc gọi.', en: 'Somebody there declined the call.' },
    nextStep: {
      vi: 'Gọi điện cho người phụ trách, rồi gọi lại.',
      en: 'Telephone the contact person, then call again.',
    },
  },
  'peer-no-answer': {
    meaning: { vi: 'Thiết bị đổ chuông nhưng không ai nghe.', en: 'It rang and nobody answered.' },
    nextStep: {
      vi: 'Bật tự động trả lời, hoặc gọi điện cho điểm cầu.',
      en: 'Switch on automatic answer, or telephone the site.',
    },
  },
  'peer-unreachable': {
    meaning: { vi: 'Không liên lạc được thiết bị.', en: 'The device cannot be reached.' },
    nextStep: {
      vi: 'Kiểm tra nguồn điện, dây mạng, địa chỉ và đường truyền.',
      en: 'Check its power, network cable, address and line.',
    },
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
    nextStep: {
      vi: 'Kiểm tra cài đặt SRTP và bộ mã của thiết bị.',
      en: 'Check its SRTP setting and its codecs.',
    },
  },
  'peer-forbids': {
    meaning: {
      vi: 'Thiết bị không cho phép hệ thống gọi đến.',
      en: 'The device does not let us call it.',
    },
    nextStep: {
      vi: 'Thêm địa chỉ máy chủ vào danh sách cho phép của thiết bị.',
      en: 'Add the address of this server to those it allows.',
    },
  },
  'peer-moved': {
    meaning: {
      vi: 'Thiết bị chuyển cuộc gọi sang địa chỉ không thuộc điểm cầu.',
      en: 'The device forwards calls to an address that is not the site’s.',
    },
    nextStep: { vi: 'Tắt chuyển cuộc gọi trên thiết bị.', en: 'Switch forwarding off on it.' },
  },
  'peer-failed': {
    meaning: { vi: 'Thiết bị trả lời bằng một lỗi.', en: 'The device answered with an error.' },
    nextStep: { vi: 'Khởi động lại thiết bị, rồi gọi lại.', en: 'Restart it, then call again.' },
  },
  'peer-address-missing': {
    meaning: {
      vi: 'Chưa biết gọi thiết bị ở đâu.',
      en: 'It is not known where to call the device.',
    },
    nextStep: {
      vi: 'Nhập địa chỉ gọi, hoặc để thiết bị đăng ký.',
      en: 'Enter a dial address, or let it register.',
    },
  },
  'ack-timeout': {
    meaning: {
      vi: 'Thiết bị không xác nhận cuộc gọi.',
      en: 'The device did not confirm the call.',
    },
    nextStep: DEVICE_LINE,
  },
  'media-timeout': {
    meaning: {
      vi: 'Không còn âm thanh, hình ảnh nào đến từ thiết bị.',
      en: 'Nothing came from the device any more.',
    },
    nextStep: DEVICE_LINE,
  },
  'invalid-state': {
    meaning: { vi: 'Lỗi của chính hệ thống.', en: 'A fault of this program.' },
    nextStep: REPORT,
  },
  internal: {
    meaning: {
      vi: 'Lỗi của chính hệ thống; chi tiết nằm trong nhật ký.',
      en: 'A fault of this program; the log has its details.',
    },
    nextStep: REPORT,
  },
};
