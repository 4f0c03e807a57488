import type { ConferenceId } from '../../src/domain/ids.ts';
import type { MeetingStore, SavedMeeting } from '../../src/meetings/ports.ts';

/** Meetings in memory: they survive the gateway's parts, not its process. */
export class MemoryMeetingStore implements MeetingStore {
  readonly #meetings = new Map<ConferenceId, SavedMeeting>();

  async loadMeetings(): Promise<readonly SavedMeeting[]> {
    return [...this.#meetings.values()];
  }

  async saveMeeting(meeting: SavedMeeting): Promise<void> {
    this.#meetings.set(meeting.conferenceId, meeting);
  }
}
