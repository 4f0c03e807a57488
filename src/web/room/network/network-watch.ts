/** Looks at the line every two seconds, and sends less over one that is bad. Knows no React. */
import type { RoomStore } from '../state.ts';
import { type ConnectionStats, type Counters, countersOf } from './counters.ts';
import { judgeNetwork } from './judge.ts';
import { pictureBps } from './picture-limits.ts';
import { FULL_UPLINK, lookedAt, type PictureStep, personDid, type Uplink } from './uplink.ts';

/** What is looked at, and what can be sent less of: one connection's media. */
export interface WatchedMedia {
  /** In how many sizes our picture is sent. */
  readonly pictureSizes: number;
  stats(): Promise<readonly ConnectionStats[]>;
  limitPicture(step: PictureStep, maxBitrateBps: number): Promise<void>;
  /** Undefined: as much as it wants. */
  limitSound(maxBitrateBps: number | undefined): Promise<void>;
}

export interface NetworkWatchOptions {
  readonly maxPictureBps: () => number;
  readonly turnCamera: (on: boolean) => void;
}

const LOOK_INTERVAL_MS = 2_000;
/** Each look is compared with the one so many before: reports of loss come only every few seconds. */
const COMPARED_LOOKS = 3;
/** Opus at this rate is still speech that is understood, RFC 6716 §2.1.1. */
const THIN_SOUND_BPS = 12_000;

export class NetworkWatch {
  readonly #store: RoomStore;
  readonly #options: NetworkWatchOptions;
  #media: WatchedMedia | undefined;
  #looks: Counters[] = [];
  #uplink: Uplink = FULL_UPLINK;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #unsubscribe: () => void;
  #cameraOn: boolean;

  constructor(store: RoomStore, options: NetworkWatchOptions) {
    this.#store = store;
    this.#options = options;
    this.#cameraOn = store.get().cameraOn;
    this.#unsubscribe = store.subscribe(() => this.#followCamera());
  }

  /** Media that is new is sent as the line allowed before. */
  start(media: WatchedMedia): void {
    this.stop();
    this.#media = media;
    this.#timer = setInterval(() => void this.#look(media), LOOK_INTERVAL_MS);
    this.#limit(media);
  }

  /** Until there is a connection again. */
  stop(): void {
    clearInterval(this.#timer);
    this.#media = undefined;
    this.#looks = [];
    this.#store.set({ network: undefined });
  }

  /** What the person says to the question whether the camera goes off, or on again. */
  answer(agrees: boolean): void {
    const { picture } = this.#uplink;
    this.#move(personDid(this.#uplink, agrees ? 'agree' : 'decline'));
    if (agrees && picture === 'asking') this.#options.turnCamera(false);
    if (agrees && picture === 'offering') this.#options.turnCamera(true);
  }

  close(): void {
    this.stop();
    this.#unsubscribe();
  }

  async #look(media: WatchedMedia): Promise<void> {
    const stats = await media.stats().catch(() => undefined); // gone with its connection
    if (!stats || this.#media !== media) return;
    const now = countersOf(stats, Date.now());
    this.#looks = [...this.#looks, now].slice(-COMPARED_LOOKS - 1);
    if (this.#looks.length === 1) this.#limit(media); // what was negotiated only after the start
    const [before] = this.#looks;
    if (!before || this.#looks.length <= COMPARED_LOOKS) return;
    const wantedBps = this.#sendsPicture
      ? pictureBps(this.#uplink.picture, media.pictureSizes, this.#options.maxPictureBps())
      : 0;
    const network = judgeNetwork(before, now, wantedBps);
    this.#store.set({ network });
    this.#move(lookedAt(this.#uplink, network.up.grade, this.#sendsPicture));
  }

  get #sendsPicture(): boolean {
    const { camera, cameraOn } = this.#store.get();
    return camera !== undefined && cameraOn;
  }

  /** The person has a switch, too. */
  #followCamera(): void {
    const { cameraOn } = this.#store.get();
    if (cameraOn === this.#cameraOn) return;
    this.#cameraOn = cameraOn;
    this.#move(personDid(this.#uplink, cameraOn ? 'camera-on' : 'camera-off'));
  }

  #move(next: Uplink): void {
    const before = this.#uplink;
    this.#uplink = next;
    const isMoved = before.picture !== next.picture || before.sound !== next.sound;
    if (!isMoved) return;
    this.#store.set({ uplink: next.picture });
    this.#looks = this.#looks.slice(-1); // what was lost before the step says nothing about it
    if (this.#media) this.#limit(this.#media);
  }

  #limit(media: WatchedMedia): void {
    const { picture, sound } = this.#uplink;
    const soundBps = sound === 'thin' ? THIN_SOUND_BPS : undefined;
    // A connection that is being made or is gone takes no limits; the next one gets them again.
    void media.limitPicture(picture, this.#options.maxPictureBps()).catch(() => undefined);
    void media.limitSound(soundBps).catch(() => undefined);
  }
}
