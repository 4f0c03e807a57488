import type { RecordWords } from './record-vi.ts';

export const recordWords: RecordWords = {
  record: {
    title: 'Record of the meeting',
    of: 'Record of the last meeting: {{name}}',
    intro: 'The roll, when everybody came and went, and what was written.',
    save: { pdf: 'Save the PDF', csv: 'Save the CSV' },
    until:
      'You can save it here until {{hours}} hours after the end of the meeting, in this tab of the browser. Later, ask an administrator: the record is kept.',
    problems: {
      network: 'The server is not reached. Wait a moment, then try again.',
      'not-authorized':
        'The time to save it here is over. The record is kept: ask an administrator for it.',
    },
  },
};
