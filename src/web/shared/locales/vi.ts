/** Vietnamese, the language of the halls. Keys are the same in every language: a test holds that. */
export const vi = {
  appName: 'Điểm Cầu',
  start: {
    intro: 'Vào cuộc họp bằng đường liên kết bạn nhận được, hoặc nhập mã cuộc họp.',
    alias: 'Mã cuộc họp',
    open: 'Mở cuộc họp',
  },
  preview: {
    title: 'Vào cuộc họp',
    name: 'Tên của bạn',
    namePlaceholder: 'Ví dụ: Nguyễn Văn An',
    pin: 'Mã PIN',
    camera: 'Máy quay',
    microphone: 'Micro',
    none: 'Không dùng',
    level: 'Mức âm micro',
    join: 'Tham gia',
    joining: 'Đang vào…',
    picture: 'Hình của bạn trước khi vào',
    noCamera: 'Không có hình',
  },
  devices: {
    asking: 'Hãy cho phép trang này dùng máy quay và micro.',
    denied:
      'Trình duyệt không cho dùng máy quay và micro. Bấm biểu tượng ổ khoá cạnh địa chỉ để cho phép, hoặc vào không có hình và tiếng của bạn.',
    missing: 'Không tìm thấy máy quay hay micro. Bạn vẫn có thể vào để xem và nghe.',
    insecure:
      'Máy quay và micro chỉ dùng được qua https. Hãy mở trang này bằng địa chỉ https, hoặc vào để xem và nghe.',
  },
  room: {
    participants_one: '{{count}} người tham gia',
    participants_other: '{{count}} người tham gia',
    you: '{{name}} (bạn)',
    site: 'điểm cầu',
    muted: 'đã tắt micro',
    speaking: 'đang nói',
    mute: 'Tắt micro',
    unmute: 'Bật micro',
    cameraOff: 'Tắt máy quay',
    cameraOn: 'Bật máy quay',
    leave: 'Rời cuộc họp',
    controls: 'Điều khiển',
    hint: 'Phím tắt: M micro, V máy quay',
    alone: 'Chưa có ai khác. Xin đợi…',
    joined: '{{name}} đã vào',
    left: '{{name}} đã rời',
    sound: 'Bật âm thanh',
    soundBlocked: 'Trình duyệt đang chặn âm thanh.',
    cannotDecode:
      'Trình duyệt này không xem được hình H.264 của: {{names}}. Bạn vẫn nghe được; hãy dùng Chrome hoặc Edge để xem hình.',
    cannotSee: 'Trình duyệt không xem được hình này',
    reconnecting: 'Mất kết nối, đang vào lại…',
  },
  ended: {
    left: 'Bạn đã rời cuộc họp.',
    'conference-closed': 'Cuộc họp đã kết thúc.',
    removed: 'Bạn đã được đưa ra khỏi cuộc họp.',
    again: 'Vào lại',
  },
  errors: {
    'conference-not-found': 'Không có cuộc họp nào ở liên kết này. Hãy kiểm tra lại địa chỉ.',
    'room-server-down': 'Máy chủ hội nghị tạm thời không trả lời. Hãy thử lại sau ít phút.',
    'pin-required': 'Cuộc họp này có mã PIN. Hãy nhập mã PIN rồi bấm Tham gia.',
    'pin-wrong': 'Mã PIN không đúng. Hãy xem lại giấy mời rồi nhập lại.',
    'rate-limited': 'Quá nhiều lần thử. Hãy đợi một chút rồi thử lại.',
    network: 'Không nối được tới máy chủ. Hãy kiểm tra mạng rồi thử lại.',
    unknown: 'Không vào được cuộc họp. Hãy thử lại; nếu vẫn lỗi, hãy báo cán bộ kỹ thuật.',
  },
};

export type Words = typeof vi;
