import type { ChatLine } from '../../src/contract/chat.ts';
import type { Participant } from '../../src/domain/conference.ts';
import type { ConferenceId, ParticipantId, SiteId } from '../../src/domain/ids.ts';
import type { RecordRooms, Run } from '../../src/records/ports.ts';

/** One conference as records see it: two sites, and who a test lets in. */
export class FakeRecordRooms implements RecordRooms {
  readonly id = 'c1' as ConferenceId;
  readonly lines: ChatLine[] = [];
  readonly sites: { siteId: SiteId; name: string }[] = [
    { siteId: 's1' as SiteId, name: 'Xã Tân Phú' },
    { siteId: 's2' as SiteId, name: 'Xã Mỹ Đức' },
  ];
  /** Of its meeting; undefined when none runs. */
  startedAtMs: number | undefined = 1_000;
  #here: Participant[] = [];
  readonly #listeners = new Set<(id: ConferenceId) => void>();

  async run(id: ConferenceId): Promise<Run | undefined> {
    if (id !== this.id) return undefined;
    const startedAtMs = this.startedAtMs ?? 2_000;
    return {
      title: 'Giao ban Tỉnh uỷ',
      startedAtMs,
      dueAtMs: startedAtMs,
      isOfMeeting: this.startedAtMs !== undefined,
      sites: [...this.sites],
    };
  }

  isRunning(): boolean {
    return this.#here.length > 0 || this.startedAtMs !== undefined;
  }

  meetingStart(): number | undefined {
    return this.startedAtMs;
  }

  participants(): readonly Participant[] {
    return this.#here;
  }

  chat(): readonly ChatLine[] {
    return this.lines;
  }

  onChange(listener: (id: ConferenceId) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  enter(participant: Participant): void {
    this.#here.push(participant);
    this.changed();
  }

  leave(id: string): void {
    this.#here = this.#here.filter(one => one.id !== id);
    this.changed();
  }

  write(name: string, text: string): void {
    this.lines.push({ id: `l${this.lines.length}`, atMs: 1_500, participantId: 'p', name, text });
    this.changed();
  }

  endMeeting(): void {
    this.startedAtMs = undefined;
    this.#here = [];
    this.changed();
  }

  changed(): void {
    for (const listener of [...this.#listeners]) listener(this.id);
  }
}

/** Somebody at a laptop, or a site's room codec where `siteId` is given. */
export function aParticipant(
  id: string,
  name: string,
  { siteId, joinedAtMs = 1_000 }: { readonly siteId?: string; readonly joinedAtMs?: number } = {},
): Participant {
  return {
    id: id as ParticipantId,
    conferenceId: 'c1' as ConferenceId,
    kind: siteId === undefined ? 'browser' : 'endpoint',
    ...(siteId !== undefined && { siteId: siteId as SiteId }),
    name,
    joinedAtMs,
    hasAudio: true,
    hasVideo: false,
    muted: false,
    speaking: false,
    poorLine: false,
    alarms: [],
    sharing: false,
    chair: false,
    handRaised: false,
    away: false,
  };
}
