import type { Clock } from '../calls/ports.ts';
import type { SceneLayout } from '../contract/layout.ts';
import type { Participant, ParticipantKind } from '../domain/conference.ts';
import { newParticipantId, type ParticipantId, type SiteId } from '../domain/ids.ts';
import type { LiveConference, ParticipantChange } from './live-conference.ts';
import type { ParticipantControls } from './moderation.ts';

/** A participant's place in a running conference; whoever entered must `leave`. */
export interface Seat {
  readonly participantId: ParticipantId;
  readonly conference: LiveConference;
  /** Leads the meeting. */
  readonly isChair: boolean;
  /** Leads the meeting from now on. */
  lead(): void;
  /** Fires with a `ConferenceEnd` as reason when this participant has to leave. */
  readonly ended: AbortSignal;
  /** Others see the participant from now on; harmless when they do, or it has left. */
  appear(): void;
  update(change: ParticipantChange): void;
  /** Hands over what can be done to the participant; what holds for who comes in is done at once. */
  control(controls: ParticipantControls): void;
  /** Asks to speak, or does not any longer. */
  raiseHand(raised: boolean): void;
  toggleHand(): void;
  /** Safe to call twice. */
  leave(): Promise<void>;
}

/** Who comes in. */
export interface Newcomer {
  readonly kind: ParticipantKind;
  readonly name: string;
  /** As whom it was here before; another where that one is here still. */
  readonly participantId?: ParticipantId | undefined;
  /** Of an endpoint. */
  readonly siteId?: SiteId;
  /** How its site wants to see conferences whose layout is `auto`. */
  readonly hallLayout?: SceneLayout;
  /** Cannot decode the pictures of others, and is shown the composed one. */
  readonly needsComposed?: boolean;
  /** Was called or let in, and comes in also where it is locked. */
  readonly isCalled?: boolean;
  /** Leads the meeting. */
  readonly chair?: boolean;
}

export interface SeatDeps {
  readonly clock: Pick<Clock, 'now'>;
  /** Somebody has left, and all that was theirs is gone. */
  readonly release: () => void;
}

/** A place in a conference that runs; nobody sees who has it before it appears. */
export function takeSeat(live: LiveConference, who: Newcomer, { clock, release }: SeatDeps): Seat {
  const isFree = who.participantId !== undefined && !live.roster.get(who.participantId);
  const participantId = (isFree && who.participantId) || newParticipantId();
  let left: Promise<void> | undefined;
  let isSeen = false;
  let isChair = who.chair ?? false;
  return {
    participantId,
    conference: live,
    get isChair() {
      return isChair;
    },
    lead: () => {
      isChair = true;
      live.lead(participantId);
    },
    ended: live.ended,
    appear: () => {
      if (isSeen || left) return;
      isSeen = true;
      live.add(participantOf(live, participantId, { ...who, chair: isChair }, clock.now()));
      if (who.needsComposed) live.showComposed(participantId);
    },
    update: change => live.update(participantId, change),
    control: controls => live.moderation.control(participantId, controls),
    raiseHand: raised => live.moderation.raiseHand(participantId, raised),
    toggleHand: () => {
      const { handRaised = false } = live.roster.get(participantId) ?? {};
      live.moderation.raiseHand(participantId, !handRaised);
    },
    leave: () => {
      left ??= live.remove(participantId).finally(release);
      return left;
    },
  };
}

function participantOf(
  { conference }: LiveConference,
  id: ParticipantId,
  { kind, name, siteId, hallLayout, chair = false }: Newcomer,
  joinedAtMs: number,
): Participant {
  return {
    ...{ id, conferenceId: conference.id, kind, name, joinedAtMs, chair },
    ...(siteId && { siteId }),
    ...(hallLayout && { hallLayout }),
    hasAudio: false,
    hasVideo: false,
    muted: false,
    speaking: false,
    poorLine: false,
    alarms: [],
    sharing: false,
    handRaised: false,
    away: false,
  };
}
