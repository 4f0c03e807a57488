/** The record of a meeting, after it. */
export const recordWords = {
  record: {
    title: 'Biên bản cuộc họp',
    of: 'Biên bản cuộc họp vừa rồi: {{name}}',
    intro: 'Gồm điểm danh, thời gian vào và rời của từng người, và nội dung trao đổi.',
    save: { pdf: 'Tải bản PDF', csv: 'Tải bảng CSV' },
    until:
      'Bạn tải được ở đây trong {{hours}} giờ sau khi cuộc họp kết thúc, chừng nào thẻ trình duyệt này còn mở. Sau đó, hãy hỏi quản trị viên: biên bản vẫn được lưu.',
    problems: {
      network: 'Chưa nối được tới máy chủ. Hãy đợi một chút rồi thử lại.',
      'not-authorized':
        'Đã quá thời hạn tải ở đây. Biên bản vẫn được lưu: hãy hỏi quản trị viên để nhận.',
    },
  },
};

export type RecordWords = typeof recordWords;
