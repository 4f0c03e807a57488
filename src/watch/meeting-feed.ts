import type { MeetingView } from '../contract/meetings.ts';
import { type Principal, seesGroup } from '../domain/actor.ts';
import { type Feed, groupAudience, type Told } from './feed.ts';
import type { ConferenceGroups, RunningMeetings, StoredChanges } from './ports.ts';

export interface MeetingFeedDeps {
  readonly meetings: RunningMeetings;
  readonly conferences: ConferenceGroups;
  readonly stored: StoredChanges;
  readonly now: () => number;
  readonly onError: (err: unknown) => void;
}

/** The meetings that run; one that ended is told once more, as it was. */
export class MeetingFeed implements Feed {
  readonly gapMs = 200;
  readonly #deps: MeetingFeedDeps;
  readonly #dirty = new Set<string>();
  readonly #last = new Map<string, MeetingView>();
  #groups: ReadonlyMap<string, string | undefined> = new Map();

  constructor(deps: MeetingFeedDeps) {
    this.#deps = deps;
  }

  audienceOf(who: Principal): string | undefined {
    return who.permissions.has('conferences.read') ? groupAudience(who) : undefined;
  }

  async open(changed: () => void): Promise<() => void> {
    const { meetings, stored, conferences, onError } = this.#deps;
    const load = async () => {
      this.#groups = await conferences.groups();
    };
    const undo = [
      stored.onStored(({ entity }) => {
        if (entity === 'conference') load().catch(onError);
      }),
      meetings.onChange(conferenceId => {
        this.#dirty.add(conferenceId);
        changed();
      }),
    ];
    await load();
    for (const meeting of meetings.list()) this.#last.set(meeting.conferenceId, meeting);
    return () => {
      for (const stop of undo) stop();
    };
  }

  whole(): readonly Told[] {
    return [this.#tell(this.#deps.meetings.list(), true)];
  }

  changes(): readonly Told[] {
    const running = new Map(this.#deps.meetings.list().map(one => [one.conferenceId, one]));
    const changed = [...this.#dirty].flatMap(id => running.get(id) ?? this.#ended(id));
    this.#dirty.clear();
    for (const [id, meeting] of running) this.#last.set(id, meeting);
    return changed.length > 0 ? [this.#tell(changed, false)] : [];
  }

  #ended(conferenceId: string): MeetingView[] {
    const last = this.#last.get(conferenceId);
    this.#last.delete(conferenceId);
    return last ? [{ ...last, state: 'ended', endedAtMs: this.#deps.now() }] : [];
  }

  #tell(all: readonly MeetingView[], whole: boolean): Told {
    return who => {
      const isSeen = ({ conferenceId }: MeetingView) =>
        seesGroup(who, this.#groups.get(conferenceId));
      const meetings = all.filter(isSeen);
      return whole || meetings.length > 0 ? { type: 'meetings', whole, meetings } : undefined;
    };
  }
}
