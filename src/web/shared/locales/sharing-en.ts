import type { SharingWords } from './sharing-vi.ts';

export const sharingWords: SharingWords = {
  sharing: {
    now: 'Everybody sees your screen.',
    nowWithSound: 'Everybody sees your screen and hears its sound.',
    preview: 'The screen you share',
    failed: 'The screen could not be shared. Try again.',
    revoked: 'The chair has stopped your sharing. Ask the chair before you share again.',
    taken: '{{name}} is sharing a screen. You can ask to share instead.',
    ask: 'Ask to share',
    asked: '{{name}} was asked. When you may share, it is said here.',
    askNoMore: 'Do not ask any longer',
    denied: '{{name}} wants to share on. Wait a little, then ask again.',
    askAgain: 'Ask again',
    granted: 'It is your turn to share a screen.',
    shareNow: 'Share now',
    notNow: 'Not now',
    wants: '{{name}} wants to share a screen.',
    let: 'Let {{name}} share',
    keep: 'Keep sharing',
    stopOf: 'Stop the sharing',
  },
};
