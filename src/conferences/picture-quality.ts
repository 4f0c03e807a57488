import type { StreamQuality } from '../contract/stage.ts';
import type { ParticipantId } from '../domain/ids.ts';
import { GOOD_LINE, judgeLine, type LineJudgement } from './line-quality.ts';

/** How a camera came in over one second. */
export interface QualitySample {
  /** Epoch, ms. */
  readonly atMs: number;
  readonly stream: StreamQuality;
}

interface Camera {
  readonly samples: QualitySample[];
  line: LineJudgement;
}

const KEEP_MS = 60_000;

/** How the cameras of one conference come in: the last second, and the minute before it. */
export class PictureQuality {
  readonly #cameras = new Map<ParticipantId, Camera>();
  #heardAtMs = 0;

  /** Takes one second's streams, all that the scene has; slides are left out. */
  heard(streams: readonly StreamQuality[], atMs: number): void {
    this.#heardAtMs = atMs;
    for (const stream of streams) if (!stream.content) this.#add({ atMs, stream });
    for (const [id, camera] of this.#cameras) this.#age(id, camera, atMs);
  }

  /** The last second; undefined for a camera that no longer comes in. */
  latest(id: ParticipantId): StreamQuality | undefined {
    const sample = this.#cameras.get(id)?.samples.at(-1);
    return sample?.atMs === this.#heardAtMs ? sample.stream : undefined;
  }

  /** The last minute, the oldest first. */
  history(id: ParticipantId): readonly QualitySample[] {
    return this.#cameras.get(id)?.samples ?? [];
  }

  isPoorLine(id: ParticipantId): boolean {
    return this.#cameras.get(id)?.line.isPoor ?? false;
  }

  forget(id: ParticipantId): void {
    this.#cameras.delete(id);
  }

  clear(): void {
    this.#cameras.clear();
  }

  #add(sample: QualitySample): void {
    const id = sample.stream.participantId as ParticipantId;
    const camera = this.#cameras.get(id) ?? { samples: [], line: GOOD_LINE };
    this.#cameras.set(id, camera);
    camera.samples.push(sample);
    camera.line = judgeLine(camera.line, sample.stream.lossRatio);
  }

  /** Lets go of what is too old; a camera that stopped says nothing of the line. */
  #age(id: ParticipantId, camera: Camera, atMs: number): void {
    if (camera.samples.at(-1)?.atMs !== atMs) camera.line = GOOD_LINE;
    while (camera.samples[0] && camera.samples[0].atMs <= atMs - KEEP_MS) camera.samples.shift();
    if (camera.samples.length === 0) this.#cameras.delete(id);
  }
}
