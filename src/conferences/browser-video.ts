import type { Logger } from 'pino';
import type { ForwardedVideo, RoomBridge, StagePort } from '../calls/ports.ts';
import { FEED_PAYLOAD_TYPE } from '../contract/stage.ts';
import type { ConferenceId, ParticipantId } from '../domain/ids.ts';
import { SerialQueue } from '../util/serial-queue.ts';

interface Camera {
  readonly codec: 'h264' | 'vp8';
  readonly mid: string;
  /** Sent in more than one size. */
  readonly isLayered: boolean;
  readonly name: string;
  /** A shared screen, under an id of its own. */
  readonly content: boolean;
}

interface Deps {
  readonly bridge: RoomBridge;
  readonly stage: StagePort;
  readonly log: Logger;
}

/** SSRC of every forwarded camera; each has a port pair of its own, so they never meet. */
const FORWARD_SSRC = 0x0dc0_0001;
const VP8_PAYLOAD_TYPE = 96;
const FORWARD_TIMEOUT_MS = 5_000;

/**
 * Copies the browsers' cameras and shared screens to the stage while a scene is open.
 *
 * What is wanted (`#cameras`) and what stands (`#forwards`) are kept apart; one
 * queue brings the second to the first, so quick joins and leaves cannot cross.
 */
export class BrowserVideo {
  readonly #conferenceId: ConferenceId;
  readonly #deps: Deps;
  readonly #cameras = new Map<ParticipantId, Camera>();
  readonly #forwards = new Map<ParticipantId, { camera: Camera; forward: ForwardedVideo }>();
  readonly #queue = new SerialQueue();
  #sceneOpen = false;

  constructor(conferenceId: ConferenceId, deps: Deps) {
    this.#conferenceId = conferenceId;
    this.#deps = deps;
  }

  published(id: ParticipantId, camera: Camera): void {
    this.#cameras.set(id, camera);
    void this.#settle(id);
  }

  unpublished(id: ParticipantId): void {
    this.#cameras.delete(id);
    void this.#settle(id);
  }

  /** Resolves when nothing of this browser is left on the stage. */
  async remove(id: ParticipantId): Promise<void> {
    this.#cameras.delete(id);
    await this.#settle(id);
  }

  sceneOpened(): void {
    this.#sceneOpen = true;
    for (const id of this.#cameras.keys()) void this.#settle(id);
  }

  /** Tries again what failed while the stage was away; what stood there stands again. */
  stageRestored(): void {
    for (const id of this.#cameras.keys()) void this.#settle(id);
  }

  /** Stops all copies. */
  async close(): Promise<void> {
    this.#sceneOpen = false;
    this.#cameras.clear();
    await Promise.all([...this.#forwards.keys()].map(id => this.#settle(id)));
  }

  /** Brings one browser's copy to what is wanted now; logs instead of rejecting. */
  #settle(id: ParticipantId): Promise<void> {
    return this.#queue.run(async () => {
      const wanted = this.#sceneOpen ? this.#cameras.get(id) : undefined;
      const standing = this.#forwards.get(id);
      if (standing?.camera === wanted) return;
      try {
        if (standing) await this.#stop(id, standing.forward);
        if (wanted) await this.#start(id, wanted);
      } catch (err) {
        this.#deps.log.warn({ err, participantId: id }, 'browser camera not on the stage');
      }
    });
  }

  async #start(id: ParticipantId, camera: Camera): Promise<void> {
    const signal = AbortSignal.timeout(FORWARD_TIMEOUT_MS);
    const member = { sceneId: this.#conferenceId, participantId: id };
    const payloadType = camera.codec === 'h264' ? FEED_PAYLOAD_TYPE : VP8_PAYLOAD_TYPE;
    const stream = { payloadType, ssrc: FORWARD_SSRC };
    const { stage, bridge } = this.#deps;
    const { source } = await stage.request(
      'browser.add',
      { ...member, name: camera.name, content: camera.content, codec: camera.codec, ...stream },
      signal,
    );
    try {
      const forward = await bridge.forwardVideo(
        {
          conferenceId: this.#conferenceId,
          participantId: id,
          mid: camera.mid,
          isLayered: camera.isLayered,
          to: source,
          ...stream,
        },
        signal,
      );
      this.#forwards.set(id, { camera, forward });
      await stage.request('browser.connect', { ...member, feedback: forward.feedback }, signal);
    } catch (err) {
      await this.#removeFromStage(id);
      throw err;
    }
  }

  async #stop(id: ParticipantId, forward: ForwardedVideo): Promise<void> {
    this.#forwards.delete(id);
    await forward.stop();
    await this.#removeFromStage(id);
  }

  async #removeFromStage(id: ParticipantId): Promise<void> {
    await this.#deps.stage.request('participant.remove', {
      sceneId: this.#conferenceId,
      participantId: id,
    });
  }
}
