import type { ParticipantDetailView } from '../contract/rest.ts';
import { type Principal, seesGroup } from '../domain/actor.ts';
import { type Feed, groupAudience, type Told } from './feed.ts';
import type { ConferenceGroups, People } from './ports.ts';

export interface ParticipantFeedDeps {
  readonly people: People;
  readonly conferences: ConferenceGroups;
}

/**
 * Who is in one conference, and how their pictures come in. All of them each time: a page that
 * shows tiles draws them anew anyway.
 */
export class ParticipantFeed implements Feed {
  readonly gapMs = 250;
  readonly #deps: ParticipantFeedDeps;
  readonly #conferenceId: string;
  #groups: ReadonlyMap<string, string | undefined> = new Map();
  #lastText = '';

  constructor(conferenceId: string, deps: ParticipantFeedDeps) {
    this.#conferenceId = conferenceId;
    this.#deps = deps;
  }

  audienceOf(who: Principal): string | undefined {
    return who.permissions.has('conferences.read') ? groupAudience(who) : undefined;
  }

  async open(changed: () => void): Promise<() => void> {
    const { people, conferences } = this.#deps;
    const mine = (id: string) => {
      if (id === this.#conferenceId) changed();
    };
    const undo = [people.onRoster(mine), people.onQuality(mine)];
    this.#groups = await conferences.groups();
    this.#lastText = JSON.stringify(this.#now());
    return () => {
      for (const stop of undo) stop();
    };
  }

  whole(): readonly Told[] {
    return [this.#tell(this.#now())];
  }

  changes(): readonly Told[] {
    const now = this.#now();
    const text = JSON.stringify(now);
    if (text === this.#lastText) return [];
    this.#lastText = text;
    return [this.#tell(now)];
  }

  #now(): readonly ParticipantDetailView[] {
    return this.#deps.people.participants(this.#conferenceId);
  }

  #tell(participants: readonly ParticipantDetailView[]): Told {
    const conferenceId = this.#conferenceId;
    return who => {
      const isSeen =
        this.#groups.has(conferenceId) && seesGroup(who, this.#groups.get(conferenceId));
      return isSeen
        ? { type: 'participants', conferenceId, participants: [...participants] }
        : undefined;
    };
  }
}
