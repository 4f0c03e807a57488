import { randomInt } from 'node:crypto';
import { nowMs } from '../clock.ts';
import { DigitReader } from '../meter/digits.ts';
import { buildRtp, parseRtp } from '../rtp/packet.ts';
import type { PortPair, PortPairs } from '../rtp/port-pairs.ts';
import { encodeG711, type G711, SILENCE } from './g711.ts';

const FRAME_MS = 20;
/** 20 ms at 8 kHz, one octet each. */
const FRAME_SAMPLES = 160;
/** Time that was slept away longer than this is not made up for: a burst would only fill the far jitter buffer. */
const MAX_LAG_MS = 200;

export interface AnnouncerTerms {
  readonly codec: G711;
  readonly payloadType: number;
  readonly dtmfPayloadType?: number | undefined;
  /** The port of before a restart. */
  readonly resume?: { readonly rtpPort: number } | undefined;
}

/**
 * The far end of one endpoint's sound while it is in no conference: speaks to it
 * from clips, silence between them, and hears its keys.
 */
export class Announcer {
  readonly #terms: AnnouncerTerms;
  readonly #digits: DigitReader | undefined;
  readonly #ssrc = randomInt(1, 2 ** 32);
  readonly #silence: Buffer;
  #pair: PortPair | undefined;
  #to: { readonly host: string; readonly rtpPort: number } | undefined;
  #clip: Buffer = Buffer.alloc(0);
  #at = 0;
  #seq = randomInt(0, 2 ** 16);
  #timestamp = randomInt(0, 2 ** 32);
  #nextMs = 0;
  #isTalkspurt = true;

  private constructor(terms: AnnouncerTerms, onDigit: (digit: string) => void) {
    this.#terms = terms;
    this.#silence = Buffer.alloc(FRAME_SAMPLES, SILENCE[terms.codec]);
    const { dtmfPayloadType } = terms;
    if (dtmfPayloadType !== undefined) this.#digits = new DigitReader(dtmfPayloadType, onDigit);
  }

  /** Opens its port pair; `close` frees it. @throws PortsExhausted */
  static async open(
    terms: AnnouncerTerms,
    onDigit: (digit: string) => void,
    ports: PortPairs,
  ): Promise<Announcer> {
    const announcer = new Announcer(terms, onDigit);
    const onRtp = (data: Buffer) => announcer.#hear(data);
    announcer.#pair = await ports.open({
      listener: { onRtp, onRtcp: () => undefined },
      rtpPort: terms.resume?.rtpPort,
    });
    return announcer;
  }

  get ports(): { readonly rtpPort: number; readonly rtcpPort: number } {
    return { rtpPort: this.#pair?.rtpPort ?? 0, rtcpPort: this.#pair?.rtcpPort ?? 0 };
  }

  /** From now on it is spoken to there. */
  connect(to: { readonly host: string; readonly rtpPort: number }): void {
    this.#to = to;
    this.#nextMs = nowMs();
  }

  /** Says this instead of what is being said; empty says nothing. @param pcm as `encodeG711` takes it */
  play(pcm: Buffer): void {
    this.#clip = encodeG711(this.#terms.codec, pcm);
    this.#at = 0;
    this.#isTalkspurt = true;
  }

  tick(atMs: number): void {
    if (!this.#to) return;
    if (atMs - this.#nextMs > MAX_LAG_MS) this.#nextMs = atMs;
    for (; this.#nextMs <= atMs; this.#nextMs += FRAME_MS) this.#sendFrame(this.#to);
  }

  /** Safe to call twice. */
  close(): void {
    this.#pair?.close();
    this.#to = undefined;
  }

  #sendFrame(to: { readonly host: string; readonly rtpPort: number }): void {
    const data = buildRtp({
      payloadType: this.#terms.payloadType,
      marker: this.#isTalkspurt,
      seq: this.#seq,
      timestamp: this.#timestamp,
      ssrc: this.#ssrc,
      payload: this.#nextFrame(),
    });
    this.#isTalkspurt = false;
    this.#seq = (this.#seq + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + FRAME_SAMPLES) >>> 0;
    this.#pair?.sendRtp(data, to);
  }

  #nextFrame(): Buffer {
    const frame = this.#clip.subarray(this.#at, this.#at + FRAME_SAMPLES);
    this.#at += frame.length;
    if (frame.length === FRAME_SAMPLES) return frame;
    return Buffer.concat([frame, this.#silence.subarray(frame.length)]);
  }

  #hear(data: Buffer): void {
    const packet = parseRtp(data);
    if (packet) this.#digits?.read(packet);
  }
}
