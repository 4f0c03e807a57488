import type { Slate } from '../encode/slate.ts';
import type { OutboundStream } from '../rtp/outbound-stream.ts';
import { RelayTrack } from './relay-track.ts';
import { SlateTrack } from './slate-track.ts';
import type { Source } from './source.ts';

/** An endpoint that sees nothing that lives gets the slate when a key frame takes longer than this. */
const KEYFRAME_PATIENCE_MS = 1_000;
const MAX_RECENT = 8;

/**
 * What one endpoint sees, on one outbound stream.
 *
 * A new source is first `#coming`: it takes the stream over from `#showing` at
 * its key frame, and until then what was shown goes on.
 */
export class Picture {
  readonly #out: OutboundStream;
  readonly #onShowing: (shownId: string | null) => void;
  #showing: RelayTrack | SlateTrack | undefined;
  #coming: RelayTrack | undefined;
  #recentIds: readonly string[] = [];

  constructor(out: OutboundStream, onShowing: (shownId: string | null) => void) {
    this.#out = out;
    this.#onShowing = onShowing;
  }

  /** Whose picture is shown; null is the slate, undefined nothing yet. */
  get shownId(): string | null | undefined {
    return this.#showing && (this.#shownSource?.id ?? null);
  }

  /** Whose pictures were shown, the latest first. */
  get recentIds(): readonly string[] {
    return this.#recentIds;
  }

  /** Shows a source from its next key frame on. @param slate what to show if that takes long */
  show(source: Source, slate: Slate | undefined, atMs: number): void {
    if (this.#shownSource === source) return this.#forgetComing();
    if (this.#coming?.source !== source) this.#await(source);
    const isMoving = this.#showing instanceof SlateTrack || this.#shownSource?.isLive(atMs);
    const waitedMs = this.#coming?.waitedMs(atMs) ?? 0;
    if (slate && !isMoving && waitedMs > KEYFRAME_PATIENCE_MS) this.#startSlate(slate, atMs);
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
    if (this.#coming?.source === source) this.#forgetComing();
    if (this.#shownSource === source) this.#stopShowing();
  }

  /** The receiver needs a key frame of what it is shown. */
  refresh(atMs: number): void {
    if (this.#showing instanceof SlateTrack) this.#showing.restart(atMs);
    else this.#showing?.source.requestKeyframe();
  }

  tick(atMs: number): void {
    if (this.#showing instanceof SlateTrack) this.#showing.tick(atMs);
  }

  get #shownSource(): Source | undefined {
    return this.#showing instanceof RelayTrack ? this.#showing.source : undefined;
  }

  #await(source: Source): void {
    this.#forgetComing();
    const track: RelayTrack = new RelayTrack(source, this.#out, () => this.#started(track));
    this.#coming = track;
  }

  #started(track: RelayTrack): void {
    this.#stopShowing();
    this.#coming = undefined;
    this.#showing = track;
    const { id } = track.source;
    this.#recentIds = [id, ...this.#recentIds.filter(other => other !== id)].slice(0, MAX_RECENT);
    this.#onShowing(id);
  }

  #startSlate(slate: Slate, atMs: number): void {
    this.#stopShowing();
    this.#showing = new SlateTrack(slate, this.#out, atMs);
    this.#onShowing(null);
  }

  #forgetComing(): void {
    this.#coming?.close();
    this.#coming = undefined;
  }

  #stopShowing(): void {
    if (this.#showing instanceof RelayTrack) this.#showing.close();
    this.#showing = undefined;
  }
}
