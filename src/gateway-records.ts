import type { Logger } from 'pino';
import type { LiveConference } from './conferences/live-conference.ts';
import type { LiveConferences } from './conferences/live-conferences.ts';
import type { ConferenceAdminStore } from './conferences/ports.ts';
import type { ConferenceId } from './domain/ids.ts';
import type { Meetings } from './meetings/meetings.ts';
import { SecretBox } from './people/secret-box.ts';
import type { RecordAudit, RecordRooms, RecordStore, Run } from './records/ports.ts';
import { RecordDirectory } from './records/record-directory.ts';
import { RecordTickets } from './records/record-tickets.ts';
import { RollCalls } from './records/roll-calls.ts';
import type { SiteStore } from './sites/ports.ts';
import type { Cleanup } from './util/cleanup.ts';
import { systemClock } from './util/clock.ts';

export interface RecordParts {
  readonly conferences: LiveConferences;
  readonly meetings: Pick<Meetings, 'find' | 'onChange'>;
  readonly store: Pick<ConferenceAdminStore, 'getConference'> &
    Pick<SiteStore, 'getSite'> &
    RecordStore &
    RecordAudit;
  /** Of which the key is made that seals tickets. */
  readonly secret: string;
  readonly log: Logger;
}

/** Records of meetings, the roll calls of those that run, and tickets of those that are over. */
export async function openRecords(parts: RecordParts, cleanup: Cleanup) {
  const { store, log, secret } = parts;
  const now = () => systemClock.now();
  const rollCalls = await RollCalls.open({
    ...{ store, audit: store, now, log },
    rooms: recordRooms(parts),
  });
  // Closed before the meetings: a gateway that stops must not end their records.
  cleanup.add('roll calls', () => rollCalls.close());
  const recordTickets = new RecordTickets({ seal: new SecretBox(secret), store, now });
  return { rollCalls, records: new RecordDirectory(store), recordTickets };
}

/** Conferences that run, as their records need them. */
function recordRooms(parts: RecordParts): RecordRooms {
  const { conferences, meetings } = parts;
  return {
    run: id => runOf(id, parts),
    isRunning: id => meetings.find(id) !== undefined || conferences.find(id) !== undefined,
    meetingStart: id => meetings.find(id)?.startedAtMs,
    participants: id => conferences.find(id)?.roster.list() ?? [],
    chat: id => conferences.find(id)?.chat.lines ?? [],
    onChange: listener => {
      const chats = new ChatWatch(conferences, listener);
      const undo = [
        meetings.onChange(({ conferenceId }) => listener(conferenceId as ConferenceId)),
        conferences.on('roster', ({ conferenceId }) => {
          chats.look(conferenceId);
          listener(conferenceId);
        }),
        () => chats.close(),
      ];
      return () => {
        for (const stop of undo) stop();
      };
    },
  };
}

/** Watches what is written in every conference while it is open. */
class ChatWatch {
  readonly #conferences: LiveConferences;
  readonly #onWritten: (id: ConferenceId) => void;
  readonly #open = new Map<ConferenceId, { readonly live: LiveConference; undo: () => void }>();

  constructor(conferences: LiveConferences, onWritten: (id: ConferenceId) => void) {
    this.#conferences = conferences;
    this.#onWritten = onWritten;
    for (const { conference } of conferences.list()) this.look(conference.id);
  }

  /** A conference may have opened or ended, or ended and opened anew. */
  look(id: ConferenceId): void {
    const live = this.#conferences.find(id);
    const known = this.#open.get(id);
    if (known?.live === live) return;
    known?.undo();
    this.#open.delete(id);
    if (live) this.#open.set(id, { live, undo: live.chat.watch(() => this.#onWritten(id)) });
  }

  close(): void {
    for (const { undo } of this.#open.values()) undo();
    this.#open.clear();
  }
}

async function runOf(
  id: ConferenceId,
  { conferences, meetings, store }: RecordParts,
): Promise<Run | undefined> {
  const meeting = meetings.find(id);
  const conference = await store.getConference(id);
  if (!conference || (!meeting && !conferences.find(id))) return undefined;
  const { name: title, groupId, members } = conference;
  const known = await Promise.all(members.map(({ siteId }) => store.getSite(siteId)));
  const sites = known.filter(site => site !== undefined);
  const startedAtMs = meeting?.startedAtMs ?? systemClock.now();
  return {
    title,
    ...(groupId !== undefined && { groupId }),
    startedAtMs,
    dueAtMs: Math.max(startedAtMs, meeting?.occurrenceStartMs ?? 0),
    isOfMeeting: meeting !== undefined,
    sites: sites.map(({ id: siteId, name }) => ({ siteId, name })),
  };
}
