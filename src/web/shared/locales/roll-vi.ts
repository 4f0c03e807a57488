/** The roll call. */
export const rollWords = {
  rollCall: {
    intro:
      'Điểm danh các điểm cầu và những người đang dự. Ai đã kết nối được đánh dấu sẵn; bạn có thể sửa từng dòng.',
    start: 'Bắt đầu điểm danh',
    present: 'Có mặt {{present}} trên {{of}}',
    others: 'Muộn {{late}}, vắng {{absent}}, chưa điểm danh {{unmarked}}',
    headcountSum: 'Tổng số người dự: {{sum}}',
    corrects: 'Bản sửa đổi của biên bản đã xác nhận; bản trước vẫn được giữ nguyên.',
    place: '{{at}} trên {{of}}',
    connected: 'đang kết nối',
    notConnected: 'chưa kết nối',
    as: { present: 'Có mặt (P)', absent: 'Vắng mặt (A)', late: 'Đến muộn (L)' },
    headcount: 'Số người dự',
    note: 'Ghi chú',
    before: '← Trước',
    next: 'Tiếp theo →',
    spotlight: 'Cho mọi người thấy lớn điểm cầu đang được gọi',
    keys: 'Phím tắt: P có mặt, A vắng mặt, L đến muộn, ← và → để chuyển',
    list: 'Danh sách',
    markOf: 'Tình trạng của {{name}}',
    marks: {
      unmarked: 'Chưa điểm danh',
      present: 'Có mặt',
      late: 'Đến muộn',
      absent: 'Vắng mặt',
    },
    cameAt: 'vào lúc {{time}}',
    people_one: '{{count}} người',
    people_other: '{{count}} người',
    unmarked_one: 'Còn {{count}} dòng chưa điểm danh. Điểm danh hết rồi mới xác nhận được.',
    unmarked_other: 'Còn {{count}} dòng chưa điểm danh. Điểm danh hết rồi mới xác nhận được.',
    restAbsent: 'Ghi vắng mặt cho những dòng còn lại',
    signName: 'Họ tên người xác nhận',
    signHint: 'Sau khi xác nhận, biên bản không thay đổi được nữa.',
    sign: 'Xác nhận biên bản',
    signed: 'Biên bản đã được {{name}} xác nhận lúc {{at}}.',
    save: { pdf: 'Tải bản PDF', csv: 'Tải bảng CSV' },
    correctHint: 'Nếu có sai sót, hãy lập bản sửa đổi: một biên bản mới có ghi mã của bản này.',
    correct: 'Lập bản sửa đổi',
    problems: {
      network: 'Chưa nối được tới máy chủ. Hãy đợi một chút rồi thử lại.',
      conflict:
        'Biên bản đã được xác nhận, hoặc còn dòng chưa điểm danh. Xem lại danh sách rồi thử lại.',
    },
  },
};

export type RollWords = typeof rollWords;
