import { Band } from './band.ts';
import type { Decoder, PictureLook } from './decoder.ts';
import { type EncodedPicture, Encoder } from './encoder.ts';
import { newFrame, planesOf, type Surface } from './ffmpeg.ts';
import { FloorStrip } from './floor-strip.ts';
import { BACKDROP, fill } from './paint.ts';
import type { CanvasSpec, Painting, Tile } from './protocol.ts';
import type { Stencils } from './stencils.ts';
import { type LivePicture, TilePainter } from './tile-painter.ts';

/** A camera that gave no picture for this long is a slate; until then its last stands. */
export const STALE_MS = 2_000;
/** What does not change is sent this seldom: it costs next to nothing, and decoders stay fed. */
const STILL_INTERVAL_MS = 200;

export interface CanvasOutput {
  readonly picture: EncodedPicture;
  /** 90 kHz, from the first picture. */
  readonly timestamp: number;
  readonly composedAtMs: number;
  /** Of the painting it shows. */
  readonly revision: number;
}

export interface CanvasEvents {
  readonly decoderOf: (sourceId: string) => Decoder | undefined;
  /** A camera's picture could not be drawn; a slate stands for it. */
  readonly onTrouble: (err: unknown) => void;
}

const CLOCK_RATE_KHZ = 90;

/** One composed picture and its encoder. `close` frees both, once an encode that runs is over. */
export class Canvas {
  readonly spec: CanvasSpec;
  readonly #encoder: Encoder;
  readonly #stencils: Stencils;
  readonly #decoderOf: (sourceId: string) => Decoder | undefined;
  readonly #onTrouble: (err: unknown) => void;
  /** Of cameras whose pictures cannot be drawn, until they look otherwise. */
  readonly #undrawable = new WeakSet<PictureLook>();
  readonly #surface: Surface;
  readonly #band: Band;
  readonly #strip: FloorStrip;
  #message = '';
  #revision = 0;
  #isStripNew = false;
  #painters: readonly TilePainter[] = [];
  #isCleared = false;
  #wantsKeyframe = true;
  #encoding: Promise<unknown> | undefined;
  #isClosed = false;
  #index = -1;
  #encodedAtMs = Number.NEGATIVE_INFINITY;
  #startedMs: number | undefined;
  #encodedInSecond = 0;

  private constructor(
    spec: CanvasSpec,
    encoder: Encoder,
    stencils: Stencils,
    { decoderOf, onTrouble }: CanvasEvents,
  ) {
    this.spec = spec;
    this.#encoder = encoder;
    this.#stencils = stencils;
    this.#decoderOf = decoderOf;
    this.#onTrouble = onTrouble;
    const frame = newFrame(spec.width, spec.height);
    const planes = planesOf(frame);
    if (!planes) throw new Error('a frame without planes');
    this.#surface = { frame, planes };
    this.#band = new Band(spec, stencils);
    this.#strip = new FloorStrip(spec, stencils);
  }

  /** @throws FFmpegError when the encoder cannot be opened */
  static async open(spec: CanvasSpec, stencils: Stencils, events: CanvasEvents): Promise<Canvas> {
    return new Canvas(spec, await Encoder.open(spec), stencils, events);
  }

  /** The picture as it is; good until the next `compose`. */
  get frame() {
    return this.#surface.frame;
  }

  /** What is as it was is not drawn anew: marks change often, and the time of the floor each second. */
  paint({ tiles, message = '', floorLine }: Painting, revision: number): void {
    this.#revision = revision;
    const isCoveredAnew = this.#write(message, floorLine);
    const { pixelAspect = 1 } = this.spec;
    const before = this.#painters;
    const isSame = before.length === tiles.length && tiles.every(isAt(before));
    this.#painters = tiles.map((tile, index) => {
      const painter = before[index];
      if (!painter) return new TilePainter(tile, this.#stencils, pixelAspect);
      painter.retarget(tile);
      return painter;
    });
    for (const painter of before.slice(tiles.length)) painter.close();
    for (const painter of this.#painters)
      painter.coveredPx = this.#band.height + this.#strip.height;
    if (!isSame || isCoveredAnew) this.repaint();
  }

  /** Returns whether other parts of the picture are covered than before, or by other words of the band. */
  #write(message: string, floorLine: Painting['floorLine']): boolean {
    const { height } = this.#strip;
    if (this.#strip.say(floorLine)) this.#isStripNew = true;
    const isSaidAnew = message !== this.#message;
    this.#message = message;
    this.#band.text = message;
    return isSaidAnew || this.#strip.height !== height;
  }

  /** Texts that were missing can be had now. */
  repaint(): void {
    for (const painter of this.#painters) painter.invalidate();
    this.#isCleared = false;
  }

  requestKeyframe(): void {
    this.#wantsKeyframe = true;
  }

  /** Composes and encodes what is due; undefined when nothing is, or the last is not encoded yet. */
  compose(nowMs: number): Promise<CanvasOutput[]> | undefined {
    if (this.#encoding || this.#isClosed) return undefined;
    const isChanged = this.#draw(nowMs);
    const isDue = nowMs - this.#encodedAtMs >= STILL_INTERVAL_MS;
    if (!isChanged && !isDue && !this.#wantsKeyframe) return undefined;
    this.#encodedAtMs = nowMs;
    const encoding = this.#encode(nowMs);
    this.#encoding = encoding;
    return encoding.finally(() => {
      this.#encoding = undefined;
    });
  }

  /** Pictures encoded since the last call. */
  takeCount(): number {
    const count = this.#encodedInSecond;
    this.#encodedInSecond = 0;
    return count;
  }

  /** Resolves when nothing of it is in use any more. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#encoding?.catch(() => undefined); // whoever composed was told
    for (const painter of this.#painters) painter.close();
    this.#encoder.close();
    this.#surface.frame.free();
  }

  #draw(nowMs: number): boolean {
    let isChanged = !this.#isCleared || this.#isStripNew;
    this.#isStripNew = false;
    if (!this.#isCleared) {
      const { width, height } = this.spec;
      fill(this.#surface.planes, { x: 0, y: 0, width, height }, BACKDROP);
      this.#isCleared = true;
    }
    for (const painter of this.#painters)
      if (this.#drawTile(painter, this.#liveOf(painter, nowMs))) isChanged = true;
    if (!isChanged) return false;
    this.#band.paint(this.#surface.planes);
    this.#strip.paint(this.#surface.planes, this.#band.height);
    return true;
  }

  /** One that fails, by its shape perhaps, takes nothing with it. */
  #drawTile(painter: TilePainter, live: LivePicture | undefined): boolean {
    try {
      return painter.paint(this.#surface, live);
    } catch (err) {
      if (!live) throw err;
      this.#undrawable.add(live.look);
      this.#onTrouble(err);
      return painter.paint(this.#surface, undefined);
    }
  }

  #liveOf({ tile: { sourceId } }: TilePainter, nowMs: number): LivePicture | undefined {
    const decoder = sourceId === undefined ? undefined : this.#decoderOf(sourceId);
    if (!decoder || nowMs - decoder.pictureAtMs > STALE_MS) return undefined;
    const { picture: frame, look, sequence } = decoder;
    const isDrawable = frame && look && !this.#undrawable.has(look);
    return isDrawable ? { frame, look, sequence } : undefined;
  }

  async #encode(nowMs: number): Promise<CanvasOutput[]> {
    if (this.#wantsKeyframe) this.#encoder.requestKeyframe();
    this.#wantsKeyframe = false;
    this.#startedMs ??= nowMs;
    const revision = this.#revision; // it may be painted anew before this is encoded
    const { fps } = this.spec;
    // The grid of the frame rate, so that steps are even; never twice the same.
    const due = Math.round(((nowMs - this.#startedMs) * fps) / 1000);
    this.#index = Math.max(this.#index + 1, due);
    const timestamp = Math.round((this.#index * CLOCK_RATE_KHZ * 1000) / fps);
    const pictures = await this.#encoder.encode(this.#surface.frame, this.#index);
    this.#encodedInSecond += pictures.length;
    return pictures.map(picture => ({ picture, timestamp, composedAtMs: nowMs, revision }));
  }
}

/** Whether tiles are where those before were, one by one. */
function isAt(before: readonly TilePainter[]): (tile: Tile, index: number) => boolean {
  return ({ rect }, index) => {
    const old = before[index]?.tile.rect;
    return (
      old !== undefined && (['x', 'y', 'width', 'height'] as const).every(k => old[k] === rect[k])
    );
  };
}
