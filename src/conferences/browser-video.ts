import type { Logger } from 'pino';
import type { Clock, ForwardedVideo, RoomBridge, StagePort } from '../calls/ports.ts';
import { FEED_PAYLOAD_TYPE } from '../contract/stage.ts';
import type { ConferenceId, ParticipantId } from '../domain/ids.ts';
import { allSettled } from '../util/all-settled.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import { Again } from './again.ts';

interface Camera {
  readonly codec: 'h264' | 'vp8';
  readonly mid: string;
  /** Sent in more than one size. */
  readonly isLayered: boolean;
  readonly name: string;
  /** A shared screen, under an id of its own. */
  readonly content: boolean;
}

interface Standing {
  /** Undefined when it stands no more on the stage. */
  readonly camera: Camera | undefined;
  readonly forward: ForwardedVideo;
}

interface Deps {
  readonly bridge: RoomBridge;
  readonly stage: StagePort;
  readonly clock: Pick<Clock, 'sleep'>;
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
 * What failed is tried again in a while, as long as it is wanted.
 */
export class BrowserVideo {
  readonly #conferenceId: ConferenceId;
  readonly #deps: Deps;
  readonly #cameras = new Map<ParticipantId, Camera>();
  readonly #forwards = new Map<ParticipantId, Standing>();
  readonly #queue = new SerialQueue();
  readonly #again: Again;
  #sceneOpen = false;

  constructor(conferenceId: ConferenceId, deps: Deps) {
    this.#conferenceId = conferenceId;
    this.#deps = deps;
    this.#again = new Again(deps.clock, () => this.#settleAll());
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
    this.#settleAll();
  }

  /** Tries again what failed while the stage was away; what stood there stands again. */
  stageRestored(): void {
    this.#settleAll();
  }

  /** The stage came back without this one: it is brought there anew. */
  notRestored(id: ParticipantId): void {
    const standing = this.#forwards.get(id);
    if (!standing) return;
    this.#forwards.set(id, { ...standing, camera: undefined });
    void this.#settle(id);
  }

  /** Stops all copies. */
  async close(): Promise<void> {
    this.#again.close();
    this.#sceneOpen = false;
    this.#cameras.clear();
    await Promise.all([...this.#forwards.keys()].map(id => this.#settle(id)));
  }

  #settleAll(): void {
    for (const id of new Set([...this.#cameras.keys(), ...this.#forwards.keys()]))
      void this.#settle(id);
  }

  /** Brings one browser's copy to what is wanted now; logs instead of rejecting. */
  #settle(id: ParticipantId): Promise<void> {
    return this.#queue.run(async () => {
      const wanted = this.#sceneOpen ? this.#cameras.get(id) : undefined;
      const standing = this.#forwards.get(id);
      if (wanted ? standing?.camera === wanted : !standing) return;
      try {
        if (standing) await this.#stop(id, standing.forward);
        if (wanted) await this.#start(id, wanted);
      } catch (err) {
        this.#deps.log.warn({ err, participantId: id }, 'browser camera not on the stage');
        this.#again.later();
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
    let forward: ForwardedVideo | undefined;
    try {
      forward = await bridge.forwardVideo(
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
      await stage.request('browser.connect', { ...member, feedback: forward.feedback }, signal);
      this.#forwards.set(id, { camera, forward });
    } catch (err) {
      await this.#undo(id, forward).catch(failure =>
        this.#deps.log.warn({ err: failure, participantId: id }, 'browser camera left untidily'),
      );
      throw err;
    }
  }

  async #stop(id: ParticipantId, forward: ForwardedVideo): Promise<void> {
    this.#forwards.delete(id);
    await this.#undo(id, forward);
  }

  /** Whichever of the two ends is deaf, the other is cleared. */
  async #undo(id: ParticipantId, forward: ForwardedVideo | undefined): Promise<void> {
    const { stage } = this.#deps;
    const member = { sceneId: this.#conferenceId, participantId: id };
    await allSettled([forward?.stop(), stage.request('participant.remove', member)]);
  }
}
