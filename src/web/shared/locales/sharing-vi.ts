/** Words of sharing a screen, and of asking to. */
export const sharingWords = {
  sharing: {
    now: 'Mọi người đang xem màn hình của bạn.',
    nowWithSound: 'Mọi người đang xem màn hình và nghe âm thanh bạn chia sẻ.',
    preview: 'Màn hình bạn đang chia sẻ',
    failed: 'Không chia sẻ được màn hình. Hãy thử lại.',
    revoked: 'Chủ toạ đã dừng việc chia sẻ của bạn. Hãy hỏi chủ toạ trước khi chia sẻ lại.',
    taken: '{{name}} đang chia sẻ màn hình. Bạn có thể đề nghị được chia sẻ thay.',
    ask: 'Đề nghị chia sẻ',
    asked: 'Đã gửi đề nghị đến {{name}}. Khi được nhường, bạn sẽ thấy ở đây.',
    askNoMore: 'Thôi đề nghị',
    denied: '{{name}} vẫn muốn chia sẻ tiếp. Hãy đợi một lát rồi đề nghị lại.',
    askAgain: 'Đề nghị lại',
    granted: 'Đến lượt bạn chia sẻ màn hình.',
    shareNow: 'Chia sẻ ngay',
    notNow: 'Để sau',
    wants: '{{name}} muốn chia sẻ màn hình.',
    let: 'Nhường {{name}} chia sẻ',
    keep: 'Tiếp tục chia sẻ',
    stopOf: 'Dừng chia sẻ màn hình',
  },
};

export type SharingWords = typeof sharingWords;
