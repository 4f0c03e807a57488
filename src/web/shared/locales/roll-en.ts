import type { RollWords } from './roll-vi.ts';

export const rollWords: RollWords = {
  rollCall: {
    intro:
      'Call the roll of the sites and of everybody who is here. Who is connected is marked already; you can change every line.',
    start: 'Start the roll call',
    present: 'Present {{present}} of {{of}}',
    others: 'Late {{late}}, absent {{absent}}, not marked {{unmarked}}',
    headcountSum: 'People in all: {{sum}}',
    corrects: 'A correction of a signed record; the earlier one is kept as it is.',
    place: '{{at}} of {{of}}',
    connected: 'connected',
    notConnected: 'not connected',
    as: { present: 'Present (P)', absent: 'Absent (A)', late: 'Late (L)' },
    headcount: 'People there',
    note: 'Note',
    before: '← Previous',
    next: 'Next →',
    spotlight: 'Show who is called large to everybody',
    keys: 'Keys: P present, A absent, L late, ← and → to step',
    list: 'The list',
    markOf: 'State of {{name}}',
    marks: {
      unmarked: 'Not marked',
      present: 'Present',
      late: 'Late',
      absent: 'Absent',
    },
    cameAt: 'came at {{time}}',
    people_one: '{{count}} person',
    people_other: '{{count}} people',
    unmarked_one: '{{count}} line is not marked yet. Mark it before you sign off.',
    unmarked_other: '{{count}} lines are not marked yet. Mark them before you sign off.',
    restAbsent: 'Mark the rest absent',
    signName: 'Name of who signs off',
    signHint: 'After the sign-off the record cannot be changed.',
    sign: 'Sign off the record',
    signed: 'Signed off by {{name}}, {{at}}.',
    save: { pdf: 'Save as PDF', csv: 'Save as CSV' },
    correctHint: 'If something is wrong, make a correction: a new record that names this one.',
    correct: 'Make a correction',
    problems: {
      network: 'The server is not reached. Wait a moment and try again.',
      conflict:
        'The record is signed off already, or lines are not marked yet. Look at the list and try again.',
    },
  },
};
