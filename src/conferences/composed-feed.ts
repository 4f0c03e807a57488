import type { Logger } from 'pino';
import type { Clock, MediaRelay, RoomBridge, StagePort } from '../calls/ports.ts';
import { composedFeedId } from '../contract/feeds.ts';
import { GatewayError } from '../domain/errors.ts';
import { type ConferenceId, newCallId, type ParticipantId } from '../domain/ids.ts';
import { readRelaySdp, vp8FeedOffer } from '../sdp/index.ts';
import { Cleanup } from '../util/cleanup.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import { Again } from './again.ts';

/** Of the media relay, what a feed needs. */
export type FeedRelay = Pick<
  MediaRelay,
  'offerFeed' | 'answerFeed' | 'release' | 'onLost' | 'onRestored'
>;

interface Deps {
  readonly relay: FeedRelay;
  readonly bridge: RoomBridge;
  readonly stage: StagePort;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Logger;
}

/** Name of the feed at the room server; pages show their own word for it. */
const FEED_NAME = 'composed';
const START_TIMEOUT_MS = 5_000;

/**
 * The picture the halls see, published as one VP8 feed while browsers are here
 * that cannot decode the H.264 of the others.
 *
 * What is wanted and what stands are kept apart like in `BrowserVideo`. A loss
 * begins a new round: what stands from an older one is dead and is released.
 * What could not be started is tried again in a while, as long as it is wanted.
 */
export class ComposedFeed {
  readonly #conferenceId: ConferenceId;
  readonly #deps: Deps;
  readonly #viewers = new Set<ParticipantId>();
  readonly #queue = new SerialQueue();
  readonly #again: Again;
  #sceneOpen = false;
  #round = 0;
  #standing: { readonly round: number; readonly cleanup: Cleanup } | undefined;

  constructor(conferenceId: ConferenceId, deps: Deps) {
    this.#conferenceId = conferenceId;
    this.#deps = deps;
    this.#again = new Again(deps.clock, () => void this.#settle());
  }

  get hasViewers(): boolean {
    return this.#viewers.size > 0;
  }

  viewerJoined(id: ParticipantId): void {
    this.#viewers.add(id);
    void this.#settle();
  }

  /** Resolves when the feed is gone, should this have been the last. */
  async viewerLeft(id: ParticipantId): Promise<void> {
    if (this.#viewers.delete(id)) await this.#settle();
  }

  /** The scene is open; also when it has been for long. */
  sceneOpened(): void {
    this.#sceneOpen = true;
    void this.#settle();
  }

  /** Tries again what failed while the stage was away. */
  stageRestored(): void {
    void this.#settle();
  }

  /** The relay lost the feed, the room server dropped it, or the stage came back without it. */
  feedLost(): void {
    this.#round += 1;
    void this.#settle();
  }

  async close(): Promise<void> {
    this.#again.close();
    this.#sceneOpen = false;
    this.#viewers.clear();
    await this.#settle();
  }

  /** Brings the feed to what is wanted now; logs instead of rejecting. */
  #settle(): Promise<void> {
    return this.#queue.run(async () => {
      const wanted = this.#sceneOpen && this.hasViewers ? this.#round : undefined;
      if (this.#standing?.round === wanted) return;
      try {
        await this.#stop();
        if (wanted !== undefined) await this.#start(wanted);
      } catch (err) {
        this.#deps.log.warn({ err }, 'composed picture not published');
        this.#again.later();
      }
    });
  }

  async #start(round: number): Promise<void> {
    const cleanup = new Cleanup();
    try {
      await this.#publish(cleanup, AbortSignal.timeout(START_TIMEOUT_MS));
      this.#standing = { round, cleanup };
    } catch (err) {
      await this.#release(cleanup);
      throw err;
    }
  }

  async #publish(cleanup: Cleanup, signal: AbortSignal): Promise<void> {
    const { relay, bridge, stage } = this.#deps;
    const conferenceId = this.#conferenceId;
    const participantId = composedFeedId(conferenceId) as ParticipantId;
    const member = { sceneId: conferenceId, participantId };
    const callId = newCallId();
    cleanup.add('stage', async () => {
      await stage.request('participant.remove', member);
    });
    const { feed } = await stage.request('composed.add', member, signal);
    cleanup.add('media relay', () => relay.release(callId));
    const plainOffer = vp8FeedOffer({ ...feed, sessionId: String(Date.now()) });
    const offerSdp = await relay.offerFeed(callId, plainOffer, signal);
    const published = await bridge.publishVideo(
      { conferenceId, participantId, name: FEED_NAME, offerSdp },
      signal,
    );
    cleanup.add('feed', () => published.leave());
    const plainAnswer = await relay.answerFeed(callId, published.answerSdp, signal);
    const to = readRelaySdp(plainAnswer)?.video;
    if (!to) throw new GatewayError('internal', 'relay left out the picture');
    const { host, rtpPort, rtcpPort } = to;
    await stage.request(
      'composed.connect',
      { ...member, feed: { host, rtpPort, rtcpPort } },
      signal,
    );
  }

  async #stop(): Promise<void> {
    const standing = this.#standing;
    this.#standing = undefined;
    if (standing) await this.#release(standing.cleanup);
  }

  async #release(cleanup: Cleanup): Promise<void> {
    for (const err of await cleanup.close())
      this.#deps.log.warn({ err }, 'composed picture left untidily');
  }
}
