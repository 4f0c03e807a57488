import type { LiveConferences } from '../conferences/live-conferences.ts';
import type { ParticipantControls } from '../conferences/moderation.ts';
import type { Seat } from '../conferences/seat.ts';
import type { Alarm } from '../contract/alarms.ts';
import type { EndReason } from '../domain/call.ts';
import type { Conference } from '../domain/conference.ts';
import type { Site } from '../domain/site.ts';
import { reasonOf } from '../util/abort.ts';
import type { CallEntry } from './call-list.ts';
import type { OpenRecord } from './call-log.ts';
import type { EndpointMedia } from './endpoint-media.ts';
import { type Place, seatedPlace } from './place.ts';
import type { RoomBridge } from './ports.ts';

export interface AttendanceDeps {
  readonly conferences: LiveConferences;
  readonly bridge: RoomBridge;
  readonly entry: CallEntry;
  readonly record: OpenRecord;
  readonly site: Pick<Site, 'name' | 'layout'>;
}

/** An endpoint's seat in a conference, once it has one; the call's cleanup leaves it. */
export class Attendance {
  readonly #deps: AttendanceDeps;
  #seat: Seat | undefined;
  #unwatch: () => void = () => undefined;

  constructor(deps: AttendanceDeps) {
    this.#deps = deps;
  }

  /** @throws GatewayError `room-server-down`, `room-server-refused` */
  async enter(conference: Conference, signal: AbortSignal): Promise<Place> {
    const place = await this.#reserve(conference, false, signal);
    this.appear();
    return place;
  }

  /** The same for an endpoint that has not answered yet: nobody sees it before `appear`. */
  enterUnseen(conference: Conference, signal: AbortSignal): Promise<Place> {
    return this.#reserve(conference, true, signal);
  }

  async #reserve(conference: Conference, isCalled: boolean, signal: AbortSignal): Promise<Place> {
    const { conferences, entry, record, site } = this.#deps;
    const { name, layout } = site;
    const { siteId } = entry.call;
    const hallLayout = layout && { hallLayout: layout };
    const who = { kind: 'endpoint', name, siteId, isCalled, ...hallLayout } as const;
    this.#seat = await conferences.reserve(conference, who, signal);
    record.learned({ conferenceId: conference.id });
    entry.enter({ conferenceId: conference.id, participantId: this.#seat.participantId });
    return seatedPlace(this.#seat, name);
  }

  /** The others see it from now on. */
  appear(): void {
    this.#seat?.appear();
  }

  /** Fires when the conference ends, with the reason. */
  get over(): AbortSignal {
    const seat = this.#seat;
    if (!seat) throw new Error('nobody has entered');
    return seat.ended;
  }

  /** Hands over what whoever runs the conference can do to the endpoint. */
  control(controls: ParticipantControls): void {
    this.#seat?.control(controls);
  }

  /** Asks to speak, or does not any longer. */
  toggleHand(): void {
    this.#seat?.toggleHand();
  }

  /** Lets the others know what the endpoint sends. */
  tell({ hasAudio, hasVideo, isMuted }: EndpointMedia): void {
    this.#seat?.update({ hasAudio, hasVideo, muted: isMuted });
  }

  /** Lets them know what it does not send. */
  tellAlarms(alarms: readonly Alarm[]): void {
    this.#seat?.update({ alarms });
  }

  /** Resolves when the conference ends, or the room server takes the place away by itself. */
  ending(): Promise<EndReason> {
    const seat = this.#seat;
    if (!seat) throw new Error('nobody has entered');
    const lost = new Promise<EndReason>(resolve => {
      this.#unwatch = this.#deps.bridge.on('seat.lost', ({ participantId }) => {
        if (participantId === seat.participantId) resolve('room-server-refused');
      });
    });
    return Promise.race([lost, reasonOf<string>(seat.ended).then(toEndReason)]);
  }

  /** Safe to call twice, and without a seat. */
  async leave(): Promise<void> {
    this.#unwatch();
    await this.#seat?.leave();
  }
}

function toEndReason(reason: string): EndReason {
  return reason === 'conference-closed' ? 'room-hangup' : (reason as EndReason);
}
