import type { MeetingView } from '../contract/meetings.ts';
import type { HealthView, ParticipantDetailView } from '../contract/rest.ts';

/** A stored thing that was created, changed or deleted; the change has been committed. */
export interface StoredChange {
  readonly entity: string;
  readonly id?: string;
  readonly action: string;
}

export interface StoredChanges {
  /** Returns its own undo. */
  onStored(listener: (change: StoredChange) => void): () => void;
}

/** The meetings that run. */
export interface RunningMeetings {
  list(): readonly MeetingView[];
  /** Told of each conference whose meeting started, changed or ended; returns its own undo. */
  onChange(listener: (conferenceId: string) => void): () => void;
}

/** Who is in conferences now. */
export interface People {
  /** Nobody when it does not run. */
  participants(conferenceId: string): readonly ParticipantDetailView[];
  /** Told of conferences in which somebody came, went or is otherwise than before; returns its own undo. */
  onRoster(listener: (conferenceId: string) => void): () => void;
  /** Told each second of how the cameras of a conference came in; returns its own undo. */
  onQuality(listener: (conferenceId: string) => void): () => void;
}

/** To which group of sites each conference belongs. */
export interface ConferenceGroups {
  /** By conference; undefined for those of none. */
  groups(): Promise<ReadonlyMap<string, string | undefined>>;
}

export interface HealthSource {
  health(): Promise<HealthView>;
}
