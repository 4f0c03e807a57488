import type { ComposedCanvas, ComposedPicture, Composer } from '../compose/composer.ts';
import type { CanvasSpec, Painting } from '../compose/protocol.ts';
import { type Group, groupKey } from '../layout/groups.ts';
import { packetize, type SendableCodec } from '../rtp/payload/packetize.ts';

/** What of the MTU is left to a payload on the way through tunnels; NAL units of mode 0 are no larger. */
const MAX_PAYLOAD_BYTES = 1200;
/** Requests for a key frame of many receivers, or of a nervous one, become one in this time. */
const MIN_KEYFRAME_INTERVAL_MS = 300;

/** Like a profile group, and VP8 for browsers. */
export type CanvasGroup = Omit<Group, 'codec'> & { readonly codec: SendableCodec };

/** One picture on its way to all receivers of a canvas. */
export interface CanvasPacketSet {
  readonly payloads: readonly Buffer[];
  /** Number of the first; the others follow. */
  readonly seq: number;
  readonly timestamp: number;
  readonly epoch: number;
  readonly isKeyframe: boolean;
  /** Of the painting it shows. */
  readonly revision: number;
}

export type CanvasListener = (packets: CanvasPacketSet, nowMs: number) => void;

/** A composition with its encoder, shared by all receivers of a profile group that see the same. */
export class SharedCanvas {
  readonly group: CanvasGroup;
  readonly groupName: string;
  /** Who sees it, by the names the scene gives its receivers. */
  receiverIds: ReadonlySet<string> = new Set();
  readonly #composed: ComposedCanvas;
  readonly #listeners = new Set<CanvasListener>();
  readonly #now: () => number;
  #key: string;
  #keyRevision = 0;
  #painting: string;
  #shownIds: readonly string[] = [];
  #seq = Math.floor(Math.random() * 0x10000);
  #isClosed = false;
  #keyframeWanted = false;
  #keyframeAskedMs = Number.NEGATIVE_INFINITY;

  constructor(composer: Composer, group: CanvasGroup, subject: Subject, now: () => number) {
    this.group = group;
    this.groupName = groupName(group);
    this.#now = now;
    this.#key = subject.key;
    this.#painting = JSON.stringify(subject.painting);
    this.#shownIds = shownIn(subject.painting);
    this.#composed = composer.openCanvas(specOf(group), subject.painting, picture =>
      this.#onPicture(picture),
    );
  }

  /** Which arrangement it shows. */
  get key(): string {
    return this.#key;
  }

  /** Pictures of earlier paintings show something else than `key`. */
  get keyRevision(): number {
    return this.#keyRevision;
  }

  /** Whose pictures it shows, the largest first. */
  get shownIds(): readonly string[] {
    return this.#shownIds;
  }

  get composed(): ComposedCanvas {
    return this.#composed;
  }

  /** Nothing comes of it, at least for now. */
  get isDead(): boolean {
    return this.#isClosed || this.#composed.isFailing;
  }

  paint({ key, painting }: Subject): void {
    const isOtherKey = key !== this.#key;
    this.#key = key;
    const text = JSON.stringify(painting);
    if (text === this.#painting) return;
    this.#painting = text;
    this.#shownIds = shownIn(painting);
    const revision = this.#composed.paint(painting);
    if (isOtherKey) this.#keyRevision = revision;
  }

  /** Requests close together become one. */
  requestKeyframe(): void {
    this.#keyframeWanted = true;
    this.tick(this.#now());
  }

  tick(atMs: number): void {
    if (!this.#keyframeWanted) return;
    if (atMs - this.#keyframeAskedMs < MIN_KEYFRAME_INTERVAL_MS) return;
    this.#keyframeWanted = false;
    this.#keyframeAskedMs = atMs;
    this.#composed.requestKeyframe();
  }

  /** Returns its own undo. */
  listen(listener: CanvasListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#isClosed = true;
    this.#listeners.clear();
    this.#composed.close();
  }

  #onPicture({ data, macroblocks, ...about }: ComposedPicture): void {
    const { timestamp, isKeyframe, epoch, revision } = about;
    const { codec, packetizationMode } = this.group;
    const unit = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const payloads = packetize(codec, unit, {
      maxPayloadBytes: MAX_PAYLOAD_BYTES,
      packetizationMode,
      macroblocks: macroblocks && Buffer.from(macroblocks),
    });
    const packets = { payloads, seq: this.#seq, timestamp, epoch, isKeyframe, revision };
    this.#seq = (this.#seq + payloads.length) & 0xffff;
    const nowMs = this.#now();
    for (const listener of this.#listeners) listener(packets, nowMs);
  }
}

/** What a canvas is to show. */
export interface Subject {
  /** Equal for receivers that see the same. */
  readonly key: string;
  readonly painting: Painting;
}

export function groupName(group: CanvasGroup): string {
  return group.codec === 'vp8'
    ? `vp8 ${group.width}x${group.height}@${group.fps} ${group.bitrateBps / 1000}k`
    : groupKey(group as Group);
}

function specOf(group: CanvasGroup): CanvasSpec {
  const { codec, width, height, fps, bitrateBps, level, pixelAspect, packetizationMode } = group;
  return {
    codec: codec === 'h263-1998' ? 'h263' : codec,
    width,
    height,
    fps,
    bitrateBps,
    pixelAspect: pixelAspect.num / pixelAspect.den,
    ...(level !== undefined && { level }),
    ...(codec === 'h264' && packetizationMode === 0 && { maxSliceBytes: MAX_PAYLOAD_BYTES }),
  };
}

function shownIn({ tiles }: Painting): string[] {
  return tiles.flatMap(({ sourceId }) => (sourceId === undefined ? [] : [sourceId]));
}
