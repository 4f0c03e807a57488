import type { Logger } from 'pino';
import type { RoomBridge } from '../calls/ports.ts';
import { contentFeedId } from '../contract/feeds.ts';
import type { Conference } from '../domain/conference.ts';
import type { ParticipantId } from '../domain/ids.ts';
import type { SerialQueue } from '../util/serial-queue.ts';

export interface ConferenceRoomsDeps {
  readonly bridge: RoomBridge;
  readonly log: Logger;
  /** Rooms and scene are opened one after the other. */
  readonly opening: SerialQueue;
}

/** One conference's rooms at the room server. */
export class ConferenceRooms {
  readonly #deps: ConferenceRoomsDeps;
  #areOpen = false;

  constructor(deps: ConferenceRoomsDeps) {
    this.#deps = deps;
  }

  /** Harmless when they are open. */
  open({ id, name }: Conference, signal: AbortSignal): Promise<void> {
    return this.#deps.opening.run(async () => {
      if (this.#areOpen) return;
      await this.#deps.bridge.openRooms(id, name, signal);
      this.#areOpen = true;
    });
  }

  /** Puts a shared screen out; logs instead of rejecting. */
  async dropContent({ id }: Conference, sharerId: ParticipantId): Promise<void> {
    const { bridge, log } = this.#deps;
    if (!bridge.health().ok) return;
    await bridge
      .removeParticipant(id, contentFeedId(sharerId) as ParticipantId)
      .catch(err => log.warn({ err, participantId: sharerId }, 'shared screen not taken away'));
  }

  /** As far as the room server still lives; logs instead of rejecting. */
  async close({ id }: Conference): Promise<void> {
    const { bridge, log } = this.#deps;
    if (!this.#areOpen || !bridge.health().ok) return;
    await bridge.closeRooms(id).catch(err => log.warn({ err }, 'rooms not closed'));
  }
}
