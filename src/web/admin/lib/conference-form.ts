import {
  ConferenceInput,
  type ConferencePatch,
  type ConferenceRequest,
  type ConferenceView,
  type Member,
  type Schedule,
} from '../../../contract/conferences.ts';
import { searchable } from '../../shared/search.ts';
import type { FieldProblem } from './problem.ts';
import { given } from './site-form.ts';

/** A conference as it is typed; empty is not given. */
export interface ConferenceForm {
  readonly name: string;
  readonly number: string;
  readonly alias: string;
  /** Empty leaves the one that is set, see `removesPin`. */
  readonly pin: string;
  readonly removesPin: boolean;
  readonly chairPin: string;
  readonly removesChairPin: boolean;
  readonly isScheduled: boolean;
  readonly startsAt: string;
  readonly timeZone: string;
  readonly durationMin: string;
  readonly rrule: string;
  readonly exceptions: readonly string[];
  readonly agenda: string;
  readonly layout: ConferenceView['layout'];
  readonly gridSize: string;
  readonly muteOnEntry: boolean;
  readonly recordingWished: boolean;
  readonly groupId: string;
  readonly members: readonly Member[];
}

export const emptyConference: ConferenceForm = {
  name: '',
  number: '',
  alias: '',
  pin: '',
  removesPin: false,
  chairPin: '',
  removesChairPin: false,
  isScheduled: false,
  startsAt: '',
  timeZone: 'Asia/Ho_Chi_Minh',
  durationMin: '90',
  rrule: '',
  exceptions: [],
  agenda: '',
  layout: 'auto',
  gridSize: '',
  muteOnEntry: false,
  recordingWished: false,
  groupId: '',
  members: [],
};

export function conferenceFormOf(conference: ConferenceView): ConferenceForm {
  const { schedule } = conference;
  return {
    ...emptyConference,
    name: conference.name,
    number: conference.number,
    alias: conference.alias,
    isScheduled: schedule !== undefined,
    ...(schedule && scheduleFields(schedule)),
    agenda: conference.agenda ?? '',
    layout: conference.layout,
    gridSize: conference.gridSize ? String(conference.gridSize) : '',
    muteOnEntry: conference.muteOnEntry,
    recordingWished: conference.recordingWished,
    groupId: conference.groupId ?? '',
    members: conference.members,
  };
}

function scheduleFields({ startsAt, timeZone, durationMin, rrule, exceptions }: Schedule) {
  return {
    ...{ startsAt, timeZone, exceptions },
    ...{ durationMin: String(durationMin), rrule: rrule ?? '' },
  };
}

export function conferenceInputOf(form: ConferenceForm): ConferenceRequest {
  const { schedule, agenda, gridSize, groupId, ...rest } = values(form);
  const pins = { pin: form.pin || undefined, chairPin: form.chairPin || undefined };
  return given({ ...rest, ...pins, schedule, agenda, gridSize, groupId }) as ConferenceRequest;
}

const OF_SCHEDULE: readonly (keyof ConferenceForm)[] = [
  'isScheduled',
  'startsAt',
  'timeZone',
  'durationMin',
  'rrule',
  'exceptions',
];
const OF_PINS = {
  pin: 'pin',
  removesPin: 'pin',
  chairPin: 'chairPin',
  removesChairPin: 'chairPin',
};

/** What was changed, as a patch; what was emptied is taken away. */
export function conferencePatchOf(
  form: ConferenceForm,
  changed: readonly (keyof ConferenceForm)[],
  version: number,
): ConferencePatch {
  const now: Record<string, unknown> = values(form);
  const patch: Record<string, unknown> = {};
  for (const key of changed) {
    if (OF_SCHEDULE.includes(key)) patch.schedule = now.schedule ?? null;
    else if (key in OF_PINS) Object.assign(patch, pinsOf(form));
    else patch[key] = now[key] ?? null;
  }
  return { version, ...patch } as ConferencePatch;
}

function pinsOf({ pin, removesPin, chairPin, removesChairPin }: ConferenceForm) {
  return given({
    pin: removesPin ? null : pin || undefined,
    chairPin: removesChairPin ? null : chairPin || undefined,
  });
}

export function conferenceProblems(form: ConferenceForm): FieldProblem[] {
  const parsed = ConferenceInput.safeParse(conferenceInputOf(form));
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
}

/** An alias made from a name: `Giao ban tuần` gives `giao-ban-tuan`. */
export function aliasFor(name: string): string {
  return searchable(name)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
}

function values(form: ConferenceForm) {
  const { startsAt, timeZone, durationMin, rrule, exceptions } = form;
  const schedule = {
    ...{ startsAt, timeZone, durationMin: Number(durationMin) },
    ...(rrule && { rrule }),
    ...(exceptions.length > 0 && { exceptions: [...exceptions] }),
  };
  return {
    name: form.name.trim(),
    number: form.number.trim(),
    alias: form.alias.trim(),
    schedule: form.isScheduled ? schedule : undefined,
    agenda: form.agenda.trim() || undefined,
    layout: form.layout,
    gridSize: form.gridSize ? Number(form.gridSize) : undefined,
    muteOnEntry: form.muteOnEntry,
    recordingWished: form.recordingWished,
    groupId: form.groupId || undefined,
    members: [...form.members],
  };
}
