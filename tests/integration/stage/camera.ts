import { buildRtp, parseRtp, type RtpPacket } from '../../../src/stage/rtp/packet.ts';
import type { PortPair, PortPairs } from '../../../src/stage/rtp/port-pairs.ts';
import { parseRtcp } from '../../../src/stage/rtp/rtcp.ts';
import type { Clip } from './clip.ts';
import { packetise } from './packetise.ts';

export interface Far {
  readonly host: string;
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

/** What the network does to what is sent: every nth packet is lost, or comes after its successor. */
export interface Trouble {
  readonly loseEvery?: number;
  readonly swapEvery?: number;
  /** What becomes of a payload on its way. */
  readonly damage?: (payload: Buffer) => Buffer;
}

export interface SendOptions extends Trouble {
  readonly ssrc: number;
  readonly payloadType: number;
  /** False sends SPS and PPS with the very first key frame only. */
  readonly repeatsParameterSets?: boolean;
  /** 25 when not said. */
  readonly fps?: number;
  /** Does not begin anew when it is asked for a key frame. */
  readonly isDeaf?: boolean;
}

const USUAL_FPS = 25;
const CLOCK_RATE = 90_000;

/** Payloads of each picture; the first is a key frame. */
export type CutClip = readonly (readonly Buffer[])[];

/**
 * One end of RTP as an endpoint or a browser has it: plays a clip, begins anew
 * with a key frame when it is asked to, and keeps what it receives.
 */
export class Camera {
  readonly received: RtpPacket[] = [];
  /** When each of these came. */
  readonly receivedMs: number[] = [];
  readonly rtcpReceived: Buffer[] = [];
  keyframesAsked = 0;
  readonly #pair: PortPair;
  #far: Far | undefined;
  #timer: NodeJS.Timeout | undefined;
  #restart: () => void = () => undefined;
  #seq = Math.floor(Math.random() * 0x10000);

  private constructor(pair: PortPair) {
    this.#pair = pair;
  }

  static async open(ports: PortPairs): Promise<Camera> {
    const pair = await ports.open();
    const camera = new Camera(pair);
    pair.listen({
      onRtp: data => {
        const packet = parseRtp(data);
        if (!packet) return;
        camera.received.push(packet);
        camera.receivedMs.push(performance.now());
      },
      onRtcp: data => camera.#onRtcp(data),
    });
    return camera;
  }

  get address(): Far {
    return { host: '127.0.0.1', rtpPort: this.#pair.rtpPort, rtcpPort: this.#pair.rtcpPort };
  }

  /** What it has received so far is of no interest. */
  forget(): void {
    this.received.length = 0;
    this.receivedMs.length = 0;
  }

  sendTo(far: Far): void {
    this.#far = far;
  }

  sendRtcp(data: Buffer): void {
    if (this.#far) this.#pair.sendRtcp(data, this.#far);
  }

  /** Anything, where RTP is expected. */
  sendRaw(data: Buffer): void {
    if (this.#far) this.#pair.sendRtp(data, this.#far);
  }

  /** Plays until `stop`. */
  play(clip: Clip, options: SendOptions): void {
    this.#run(clip.length, options, (index, isFirstRound) => {
      const withSets = options.repeatsParameterSets !== false || isFirstRound;
      return packetise(clip[index] ?? [], withSets);
    });
  }

  /** The same with what is cut into payloads already. */
  playCut(clip: CutClip, options: SendOptions): void {
    this.#run(clip.length, options, index => clip[index] ?? []);
  }

  #run(
    length: number,
    options: SendOptions,
    payloadsOf: (index: number, isFirstRound: boolean) => readonly Buffer[],
  ): void {
    this.stop();
    let next = 0;
    // Far from those before: a little behind them they would be late packets, RFC 3550 §A.1.
    this.#seq = (this.#seq + 0x8000) & 0xffff;
    let timestamp = Math.floor(Math.random() * 2 ** 32);
    let rounds = 0;
    const { fps = USUAL_FPS, damage = same } = options;
    const wire = new Wire(options, data => this.#far && this.#pair.sendRtp(data, this.#far));
    this.#restart = () => {
      if (options.isDeaf) return;
      next = 0;
      rounds += 1;
    };
    this.#timer = setInterval(() => {
      const payloads = payloadsOf(next % length, rounds === 0 && next < length);
      for (const [index, whole] of payloads.entries()) {
        const marker = index === payloads.length - 1;
        const payload = damage(whole);
        wire.send(buildRtp({ ...options, marker, seq: this.#seq, timestamp, payload }));
        this.#seq = (this.#seq + 1) & 0xffff;
      }
      next += 1;
      timestamp = (timestamp + CLOCK_RATE / fps) >>> 0;
    }, 1_000 / fps);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  close(): void {
    this.stop();
    this.#pair.close();
  }

  #onRtcp(data: Buffer): void {
    this.rtcpReceived.push(data);
    if (!parseRtcp(data).some(item => item.kind === 'keyframe-request')) return;
    this.keyframesAsked += 1;
    this.#restart();
  }
}

function same(payload: Buffer): Buffer {
  return payload;
}

/** A wire with its troubles. */
class Wire {
  readonly #trouble: Trouble;
  readonly #send: (data: Buffer) => void;
  #count = 0;
  #held: Buffer | undefined;

  constructor(trouble: Trouble, send: (data: Buffer) => void) {
    this.#trouble = trouble;
    this.#send = send;
  }

  send(data: Buffer): void {
    const { loseEvery = Number.POSITIVE_INFINITY, swapEvery = Number.POSITIVE_INFINITY } =
      this.#trouble;
    this.#count += 1;
    if (this.#count % loseEvery === 0) return;
    if (this.#count % swapEvery === 0 && !this.#held) {
      this.#held = data;
      return;
    }
    this.#send(data);
    if (this.#held) this.#send(this.#held);
    this.#held = undefined;
  }
}
