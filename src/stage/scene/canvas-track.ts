import type { OutboundStream } from '../rtp/outbound-stream.ts';
import type { CanvasPacketSet, SharedCanvas } from './shared-canvas.ts';

/** Carries a composed picture on one outbound stream, beginning at a key frame. */
export class CanvasTrack {
  readonly canvas: SharedCanvas;
  readonly #out: OutboundStream;
  readonly #undo: () => void;
  readonly #onStarted: () => void;
  readonly #sinceMs: number;
  #startedEpoch: number | undefined;
  /** What this receiver is to see of the canvas, and the first painting that shows it. */
  #key: string;
  #fromRevision: number;
  #isStopped = false;

  /** @param onStarted called at the first key frame: from here on this track owns the stream */
  constructor(
    canvas: SharedCanvas,
    out: OutboundStream,
    atMs: number,
    onStarted: () => void = () => undefined,
  ) {
    this.canvas = canvas;
    this.#key = canvas.key;
    this.#fromRevision = canvas.keyRevision;
    this.#out = out;
    this.#sinceMs = atMs;
    this.#onStarted = onStarted;
    this.#undo = canvas.listen((packets, nowMs) => this.#take(packets, nowMs));
    canvas.requestKeyframe();
  }

  /** How long a key frame has been waited for; 0 when it runs. */
  waitedMs(atMs: number): number {
    return this.#startedEpoch === undefined ? atMs - this.#sinceMs : 0;
  }

  /** Whether nothing comes any more. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** What the canvas shows now is meant for this receiver too. */
  confirm(): void {
    this.#key = this.canvas.key;
    if (this.#fromRevision === this.canvas.keyRevision) return;
    this.#fromRevision = this.canvas.keyRevision;
    // The key frame that was asked for may show what is not meant for it any more.
    if (this.#startedEpoch === undefined) this.canvas.requestKeyframe();
  }

  /**
   * The receiver waits for another track: what the canvas shows to others from now on is not for
   * this one, nor what it gives after a failure.
   */
  leave(): void {
    if (this.canvas.isDead || this.canvas.key !== this.#key) this.close();
  }

  close(): void {
    this.#isStopped = true;
    this.#undo();
  }

  #take(packets: CanvasPacketSet, nowMs: number): void {
    const { payloads, seq, timestamp, epoch, isKeyframe, revision } = packets;
    if (this.#startedEpoch !== epoch) {
      // What was under way when the canvas was painted anew may show this receiver itself.
      if (!isKeyframe || revision < this.#fromRevision) return;
      const isFirst = this.#startedEpoch === undefined;
      this.#startedEpoch = epoch;
      if (isFirst) this.#onStarted();
    }
    for (const [index, payload] of payloads.entries()) {
      const place = { seq: (seq + index) & 0xffff, timestamp, epoch };
      const marker = index === payloads.length - 1;
      const about = { startsKeyframe: isKeyframe && index === 0 };
      this.#out.forward(this.canvas, { ...place, marker, payload }, nowMs, about);
    }
  }
}
