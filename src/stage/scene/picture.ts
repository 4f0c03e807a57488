import type { Slate } from '../encode/slate.ts';
import type { OutboundStream } from '../rtp/outbound-stream.ts';
import { CanvasTrack } from './canvas-track.ts';
import { RelayTrack } from './relay-track.ts';
import type { SharedCanvas } from './shared-canvas.ts';
import { SlateTrack } from './slate-track.ts';
import type { Source } from './source.ts';

/** An endpoint that sees nothing that lives gets the slate when a key frame takes longer than this. */
const KEYFRAME_PATIENCE_MS = 1_000;

/** A camera as it is, or a composed picture. */
type LiveTrack = RelayTrack | CanvasTrack;

/**
 * What one endpoint sees, on one outbound stream.
 *
 * A new track is first `#coming`: it takes the stream over from `#showing` at
 * its key frame, and until then what was shown goes on.
 */
export class Picture {
  readonly #out: OutboundStream;
  readonly #onShowing: (shownId: string | null) => void;
  #showing: LiveTrack | SlateTrack | undefined;
  #coming: LiveTrack | undefined;
  #toldId: string | null | undefined;

  constructor(out: OutboundStream, onShowing: (shownId: string | null) => void) {
    this.#out = out;
    this.#onShowing = onShowing;
  }

  /** Whose picture is shown, or the largest; null is the slate, undefined nothing yet. */
  get shownId(): string | null | undefined {
    if (this.#showing instanceof RelayTrack) return this.#showing.source.id;
    if (this.#showing instanceof CanvasTrack)
      return this.#showing.isStopped ? this.#toldId : (this.#showing.canvas.shownIds[0] ?? null);
    return this.#showing && null;
  }

  /** False while something else is to come, or nothing is shown any more. */
  get isSettled(): boolean {
    if (this.#coming || !this.#showing) return false;
    return !(this.#showing instanceof CanvasTrack && isOver(this.#showing));
  }

  /** What it sees of a canvas, where it sees one. */
  get canvas(): SharedCanvas | undefined {
    return this.#showing instanceof CanvasTrack ? this.#showing.canvas : undefined;
  }

  /** Whether what this canvas gives is what it shows at the moment. */
  isWatching(canvas: SharedCanvas): boolean {
    const showing = this.#showing;
    return showing instanceof CanvasTrack && showing.canvas === canvas && !isOver(showing);
  }

  /**
   * Shows a camera as it is, from its next key frame on.
   *
   * @param slate what to show if that takes long
   * @param accepts whether the receiver decodes what the camera is known to send by then
   */
  show(source: Source, slate: Slate | undefined, atMs: number, accepts?: () => boolean): void {
    const shows = (track: LiveTrack | SlateTrack | undefined) =>
      track instanceof RelayTrack && track.source === source;
    if (shows(this.#showing)) return this.#forgetComing();
    this.#leaveCanvas();
    if (!shows(this.#coming))
      this.#await(onStarted => new RelayTrack(source, this.#out, onStarted, accepts));
    this.#bridge(slate, atMs);
  }

  /** The same with a composed picture. */
  showCanvas(canvas: SharedCanvas, slate: Slate | undefined, atMs: number): void {
    const shows = (track: LiveTrack | SlateTrack | undefined) =>
      track instanceof CanvasTrack && track.canvas === canvas && !track.isStopped;
    if (shows(this.#showing) && !canvas.isDead) {
      this.#forgetComing();
      if (this.#showing instanceof CanvasTrack) this.#showing.confirm();
      return this.#tell();
    }
    this.#leaveCanvas();
    if (shows(this.#coming) && this.#coming instanceof CanvasTrack) this.#coming.confirm();
    else this.#await(onStarted => new CanvasTrack(canvas, this.#out, atMs, onStarted));
    this.#bridge(slate, atMs);
  }

  /** Shows the slate at once. */
  showSlate(slate: Slate, atMs: number): void {
    this.#forgetComing();
    if (this.#showing instanceof SlateTrack && this.#showing.slate === slate) return;
    this.#startSlate(slate, atMs);
  }

  /** Shows nothing. */
  blank(): void {
    this.#forgetComing();
    this.#stopShowing();
  }

  /** A source went away: it is not shown any more. */
  drop(source: Source): void {
    const isOf = (track: LiveTrack | SlateTrack | undefined) =>
      track instanceof RelayTrack && track.source === source;
    if (isOf(this.#coming)) this.#forgetComing();
    if (isOf(this.#showing)) this.#stopShowing();
  }

  /** The receiver needs a key frame of what it is shown. */
  refresh(atMs: number): void {
    if (this.#showing instanceof SlateTrack) this.#showing.restart(atMs);
    else if (this.#showing instanceof RelayTrack) this.#showing.source.requestKeyframe();
    else this.#showing?.canvas.requestKeyframe();
  }

  tick(atMs: number): void {
    if (this.#showing instanceof SlateTrack) this.#showing.tick(atMs);
  }

  #await(open: (onStarted: () => void) => LiveTrack): void {
    this.#forgetComing();
    const track: LiveTrack = open(() => this.#started(track));
    this.#coming = track;
  }

  #started(track: LiveTrack): void {
    this.#stopShowing();
    this.#coming = undefined;
    this.#showing = track;
    this.#tell();
  }

  /** Until what is coming has come: the slate, where nothing moves. */
  #bridge(slate: Slate | undefined, atMs: number): void {
    const isMoving = isAlive(this.#showing, atMs);
    const waitedMs = this.#coming?.waitedMs(atMs) ?? 0;
    if (slate && !isMoving && waitedMs > KEYFRAME_PATIENCE_MS) this.#startSlate(slate, atMs);
  }

  /** A canvas that was painted for others may show this receiver itself: its picture stands instead. */
  #leaveCanvas(): void {
    if (this.#showing instanceof CanvasTrack) this.#showing.leave();
  }

  #startSlate(slate: Slate, atMs: number): void {
    this.#stopShowing();
    this.#showing = new SlateTrack(slate, this.#out, atMs);
    this.#tell();
  }

  #tell(): void {
    const { shownId } = this;
    if (shownId === undefined || shownId === this.#toldId) return;
    this.#toldId = shownId;
    this.#onShowing(shownId);
  }

  #forgetComing(): void {
    this.#coming?.close();
    this.#coming = undefined;
  }

  #stopShowing(): void {
    if (!(this.#showing instanceof SlateTrack)) this.#showing?.close();
    this.#showing = undefined;
  }
}

function isAlive(track: LiveTrack | SlateTrack | undefined, atMs: number): boolean {
  if (track instanceof RelayTrack) return track.source.isLive(atMs);
  return track instanceof CanvasTrack ? !isOver(track) : track !== undefined;
}

/** Nothing comes of it any more, or for now. */
function isOver(track: CanvasTrack): boolean {
  return track.isStopped || track.canvas.isDead;
}
