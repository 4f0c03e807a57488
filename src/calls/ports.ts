/**
 * What the core asks of the outside world while it runs calls and conferences.
 * Adapters in `media/`, `bridge/`, `stage-client/` and `sip/` implement these;
 * they throw `GatewayError` and nothing else.
 */
import type {
  StageEventName,
  StageEventParams,
  StageMethod,
  StageParams,
  StageResult,
} from '../contract/stage.ts';
import type { EndReason } from '../domain/call.ts';
import type { GatewayError } from '../domain/errors.ts';
import type { CallId, ConferenceId, ParticipantId } from '../domain/ids.ts';
import type { AudioName } from '../sdp/types.ts';

/** One UDP port pair. */
export interface RtpAddress {
  readonly host: string;
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

/** Whether an engine can be used now; `detail` is for people. */
export interface EngineHealth {
  readonly ok: boolean;
  readonly detail?: string;
}

/** How long an endpoint has sent nothing; since `offerLeg` where it never did. */
export interface Silence {
  /** Neither RTP nor RTCP, of whatever medium. */
  readonly anyMs: number;
  /** No RTP of its sound. */
  readonly audioMs: number;
}

/** Relays and transcodes RTP between an endpoint, the room server and the stage. */
export interface MediaRelay {
  /**
   * Opens relay ports for a leg; again with the same id it renegotiates.
   *
   * @param offerSdp the endpoint's streams, as `relayOffer(plan)` writes them
   * @param options.transcodeTo codec the inner side speaks when it is not the endpoint's own
   * @returns SDP whose addresses the inner side is to send to
   * @throws GatewayError `media-relay-down`
   */
  offerLeg(
    callId: CallId,
    offerSdp: string,
    options: { readonly transcodeTo?: AudioName },
    signal: AbortSignal,
  ): Promise<string>;
  /** Gives the relay the inner side's addresses; returns SDP with the ports the endpoint is to send to. */
  answerLeg(callId: CallId, answerSdp: string, signal: AbortSignal): Promise<string>;
  /** Turns a plain RTP offer of a feed into one with ICE and DTLS for the room server. */
  offerFeed(callId: CallId, offerSdp: string, signal: AbortSignal): Promise<string>;
  /** Takes the room server's answer; returns plain SDP with the relay's ports towards the stage. */
  answerFeed(callId: CallId, answerSdp: string, signal: AbortSignal): Promise<string>;
  /**
   * Sends a copy of the endpoint's sound, as it comes, to one more place.
   *
   * @throws GatewayError `media-relay-down`, `media-relay-refused`
   */
  copyAudio(callId: CallId, to: RtpAddress, signal: AbortSignal): Promise<void>;
  /** Never longer than it was, and shorter by no more than a second and the time between two looks. Undefined when the relay no longer knows the leg. */
  silence(callId: CallId, signal: AbortSignal): Promise<Silence | undefined>;
  /** Frees the leg's and the feed's ports. Safe to call twice and for a call never offered. */
  release(callId: CallId): Promise<void>;
  health(): EngineHealth;
  /** Told when the relay stopped answering or came back empty: its calls are gone. Returns its own undo. */
  onLost(listener: (error: GatewayError) => void): () => void;
  /** Told when it answers again after that; the same ids may be opened anew. Returns its own undo. */
  onRestored(listener: () => void): () => void;
}

/** An endpoint's place in the mixed sound. */
export interface AudioSeat {
  /** Where the relay sends the endpoint's sound. */
  readonly address: RtpAddress;
  readonly payloadType: number;
  /**
   * Whether its sound is left out of the mix; it goes on hearing the others.
   *
   * @throws GatewayError `room-server-down`, `room-server-refused`
   */
  setMuted(muted: boolean, signal: AbortSignal): Promise<void>;
  /** Safe to call twice, and after the room server went away. */
  leave(): Promise<void>;
}

/** An endpoint's camera as browsers see it. */
export interface PublishedFeed {
  readonly answerSdp: string;
  /** Safe to call twice, and after the room server went away. */
  leave(): Promise<void>;
}

/** A copy of a browser's camera that the room server sends to the stage. */
export interface ForwardedVideo {
  /** Where RTCP feedback for that camera is to be sent. */
  readonly feedback: { readonly host: string; readonly rtcpPort: number };
  /** Safe to call twice, and after the room server went away. */
  stop(): Promise<void>;
}

export interface RoomEvents {
  /** Somebody began or stopped to talk. */
  'participant.talking': {
    readonly conferenceId: ConferenceId;
    readonly participantId: ParticipantId;
    readonly talking: boolean;
  };
  /**
   * A browser publishes a camera now, or its screen under `contentFeedId`; feeds of our own are
   * not told.
   */
  'video.published': {
    readonly conferenceId: ConferenceId;
    readonly participantId: ParticipantId;
    readonly codec: 'h264' | 'vp8';
    /** The m-line of the camera, for `forwardVideo`. */
    readonly mid: string;
    /** Sent in more than one size. */
    readonly isLayered?: boolean;
  };
  'video.unpublished': {
    readonly conferenceId: ConferenceId;
    readonly participantId: ParticipantId;
  };
  /** The room server dropped an endpoint's place by itself (kicked, room destroyed, DTLS gone). */
  'seat.lost': { readonly conferenceId: ConferenceId; readonly participantId: ParticipantId };
}

/** The room server: everybody's sound, and the browsers' video. */
export interface RoomBridge {
  /**
   * Opens the conference's two rooms; harmless when they are open.
   *
   * @throws GatewayError `room-server-down`, `room-server-refused`
   */
  openRooms(conferenceId: ConferenceId, title: string, signal: AbortSignal): Promise<void>;
  /** Closes both rooms and puts everyone out; harmless when they are closed. */
  closeRooms(conferenceId: ConferenceId): Promise<void>;
  joinAudio(
    seat: {
      readonly conferenceId: ConferenceId;
      readonly participantId: ParticipantId;
      readonly name: string;
      readonly codec: 'opus' | 'pcma' | 'pcmu';
      readonly payloadType: number;
      readonly sendTo: RtpAddress;
    },
    signal: AbortSignal,
  ): Promise<AudioSeat>;
  publishVideo(
    feed: {
      readonly conferenceId: ConferenceId;
      readonly participantId: ParticipantId;
      readonly name: string;
      readonly offerSdp: string;
    },
    signal: AbortSignal,
  ): Promise<PublishedFeed>;
  forwardVideo(
    forward: {
      readonly conferenceId: ConferenceId;
      readonly participantId: ParticipantId;
      readonly mid: string;
      /** Of a camera in more than one size the largest that comes, as one unbroken stream. */
      readonly isLayered?: boolean;
      readonly to: RtpAddress;
      readonly payloadType: number;
      readonly ssrc: number;
    },
    signal: AbortSignal,
  ): Promise<ForwardedVideo>;
  /**
   * Whether a browser's sound is left out of the mix; it goes on hearing the others.
   *
   * @throws GatewayError `room-server-down`, `room-server-refused` when it is not in the sound
   */
  muteParticipant(
    conferenceId: ConferenceId,
    participantId: ParticipantId,
    muted: boolean,
  ): Promise<void>;
  /** Puts a browser out of both rooms; harmless when it is not there. */
  removeParticipant(conferenceId: ConferenceId, participantId: ParticipantId): Promise<void>;
  on<E extends keyof RoomEvents>(name: E, listener: (event: RoomEvents[E]) => void): () => void;
  health(): EngineHealth;
  /** Told when the room server went away: its rooms are gone. Returns its own undo. */
  onLost(listener: (error: GatewayError) => void): () => void;
}

/**
 * The stage process; see `contract/stage.ts` for what each method does. What was
 * asked of it stands: when it dies it comes back with everything, on the same
 * ports, and nobody has to ask again.
 */
export interface StagePort {
  /**
   * While the stage is away, changes and removals are taken note of, and what opens
   * ports waits for it a while.
   *
   * @throws GatewayError `stage-down` at once when it never was there, or is away for long
   */
  request<M extends StageMethod>(
    method: M,
    params: StageParams<M>,
    signal?: AbortSignal,
  ): Promise<StageResult<M>>;
  on<E extends StageEventName>(name: E, listener: (event: StageEventParams<E>) => void): () => void;
  health(): EngineHealth;
  /** Told when the stage went away. Returns its own undo. */
  onLost(listener: (error: GatewayError) => void): () => void;
  /** Told when it is back with everything. Returns its own undo. */
  onRestored(listener: () => void): () => void;
  /** Told before that of each it came back without: its port was taken meanwhile. Returns its own undo. */
  onNotRestored(listener: (member: StageMember) => void): () => void;
}

/** What the stage knows somebody by. */
export interface StageMember {
  readonly sceneId: string;
  readonly participantId: string;
}

/** One message of the signalling, without secrets. */
export interface TracedMessage {
  /** Epoch, ms. */
  readonly atMs: number;
  readonly direction: 'in' | 'out';
  /** Its first line. */
  readonly summary: string;
  readonly text: string;
}

/** What an answered leg does with a re-INVITE or UPDATE. */
export interface ReofferHandler {
  /** Gives the answer to an offer of the peer. */
  answer(offerSdp: string): Promise<string>;
  /** Gives our offer to a re-INVITE without SDP; RFC 3261 §14.2. */
  offer(): Promise<string>;
  /** Takes the answer to it. */
  accept(answerSdp: string): Promise<void>;
}

/**
 * One side of a call at the signalling, whichever side began it: a SIP dialog, or an
 * H.323 call.
 */
export interface SignalingLeg {
  readonly sipTransport: string;
  /** Peer socket, `host:port`; empty while nothing came from it. */
  readonly remoteAddr: string;
  /** Empty while it has not said. */
  readonly userAgent: string;
  /** What passed so far, in order. */
  readonly messages: readonly TracedMessage[];
  /**
   * Sends our offer within the answered call, again after a crossing, and gives
   * the peer's answer; RFC 3261 §14.1. What is refused has changed nothing.
   *
   * @throws GatewayError `offer-refused`, `answer-missing`
   */
  reoffer(offerSdp: string, signal: AbortSignal): Promise<string>;
  /** Resolves once, when the peer or the signalling ended the answered leg. */
  readonly ended: Promise<EndReason>;
  /** Ends an answered leg from our side. Safe to call twice. */
  hangup(reason: EndReason): Promise<void>;
  /** Who answers, and makes, the offers that come later; a throw becomes the refusal. */
  onReoffer(handler: ReofferHandler): void;
  /** The peer pressed a key and says so by INFO. */
  onKey(handler: (key: string) => void): void;
  /** The peer asks for a key frame by INFO, RFC 5168. */
  onKeyframeRequest(handler: () => void): void;
  /** Asks the peer for a key frame by INFO, RFC 5168. */
  requestKeyframe(): Promise<void>;
}

/** A leg that the peer began. */
export interface IncomingLeg extends SignalingLeg {
  /** Undefined for an INVITE without SDP. */
  readonly offerSdp: string | undefined;
  /** Fires when the peer cancels, or the signalling is lost, before the answer. */
  readonly cancelled: AbortSignal;
  /** Answers with SDP; resolves when the dialog stands. */
  accept(answerSdp: string): Promise<void>;
  /**
   * Answers an INVITE without SDP with an offer of ours; resolves with the
   * peer's answer, which comes in its ACK. RFC 3261 §13.2.1.
   *
   * @throws GatewayError `answer-missing` when the ACK brings none, or never comes
   */
  offer(offerSdp: string): Promise<string>;
  /** Refuses what was not answered; harmless afterwards. */
  reject(error: GatewayError): void;
}

/** Where an endpoint is called. */
export interface CallTarget {
  /** Request-URI; its parameter `transport` says the way. */
  readonly uri: string;
  /** Where the packets go when not where the URI says, `host:port`: behind NAT the URI is of no use. */
  readonly udpAddr?: string;
  /** Addresses and networks of the site: where it may send the call on to. RFC 4632 notation. */
  readonly siteNetworks: readonly string[];
}

/** A leg that we begin; nothing is sent before `invite`. Whoever made it hangs up in the end, answered or not. */
export interface OutgoingLeg extends SignalingLeg {
  /** Call-ID of the latest INVITE; empty before. */
  readonly sipCallId: string;
  /**
   * Calls with our offer and resolves with the peer's answer when the dialog stands; may be
   * called again after a refusal. Nobody listens to early media. Follows one redirection
   * within the site.
   *
   * @param options.signal cancels the call; its reason is what is thrown
   * @throws GatewayError `peer-busy` and the other codes of `peer-`, `answer-missing`,
   *   `sip-server-down`
   */
  invite(
    offerSdp: string,
    options: { readonly signal: AbortSignal; readonly onRinging: () => void },
  ): Promise<string>;
}

/** Who calls, as the endpoint shows it. */
export interface CallerIdentity {
  /** Data, not markup: may hold anything. */
  readonly name: string;
  /** What the endpoint dials to call back. */
  readonly number: string;
}

/** Makes legs to endpoints. */
export interface Dialler {
  legTo(target: CallTarget, caller: CallerIdentity): OutgoingLeg;
}

/** Time, as something tests can hold still. */
export interface Clock {
  /** Epoch, ms. */
  now(): number;
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}
