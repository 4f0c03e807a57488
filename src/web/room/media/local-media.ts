/** This computer's camera and microphone during a visit; owns both tracks and stops them. */
import type { DeviceChoice, LocalMedia } from './devices.ts';
import { openDevices } from './devices.ts';

export type Medium = 'camera' | 'microphone';

export interface LocalTracksListener {
  /** Another device, or none, from now on. */
  readonly onTrack: (medium: Medium, track: MediaStreamTrack | undefined) => void;
}

type Open = (choice: DeviceChoice) => Promise<LocalMedia>;

export class LocalTracks {
  #tracks: Pick<LocalMedia, Medium>;
  #listener: LocalTracksListener | undefined;
  readonly #open: Open;

  /** @param tracks belong to this from now on */
  constructor(tracks: Pick<LocalMedia, Medium>, open: Open = openDevices) {
    this.#tracks = { camera: tracks.camera, microphone: tracks.microphone };
    this.#open = open;
  }

  get camera(): MediaStreamTrack | undefined {
    return this.#tracks.camera;
  }

  get microphone(): MediaStreamTrack | undefined {
    return this.#tracks.microphone;
  }

  follow(listener: LocalTracksListener): void {
    this.#listener = listener;
  }

  /**
   * Takes another device, switched on or off as the one before; the old one stays when the
   * new one does not open.
   *
   * @returns what was in the way
   */
  async change(medium: Medium, choice: DeviceChoice): Promise<LocalMedia['problem']> {
    const wanted =
      medium === 'camera' ? { ...choice, microphoneId: null } : { ...choice, cameraId: null };
    const opened = await this.#open(wanted);
    const track = opened[medium];
    const isNone = (medium === 'camera' ? choice.cameraId : choice.microphoneId) === null;
    if (!track && !isNone) return opened.problem ?? 'missing';
    const before = this.#tracks[medium];
    if (track && before) track.enabled = before.enabled;
    this.#tracks = { ...this.#tracks, [medium]: track };
    this.#listener?.onTrack(medium, track);
    before?.stop();
    return undefined;
  }

  stop(): void {
    this.camera?.stop();
    this.microphone?.stop();
  }
}
