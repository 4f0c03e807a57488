import {
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_FLTP,
  Codec,
  CodecContext,
  FF_DECODER_ADPCM_G722,
  FF_DECODER_LIBOPUS,
  FFmpegError,
  Frame,
  Packet,
} from 'node-av';

export type MeteredCodec = 'pcma' | 'pcmu' | 'g722' | 'opus';

/** Level of one RTP payload in dBov, RFC 6465: 0 is the loudest sine, -127 silence. */
export interface LevelMeter {
  level(payload: Buffer): number;
  /** Frees the decoder. Safe to call twice. */
  close(): void;
}

const SILENCE_DBOV = -127;
const FULL_SCALE = 32_768;

/** G.711 by table; the rest by FFmpeg's decoders. @throws Error when FFmpeg lacks one */
export function createLevelMeter(codec: MeteredCodec): LevelMeter {
  if (codec === 'pcma') return tableMeter(ALAW);
  if (codec === 'pcmu') return tableMeter(ULAW);
  return new DecodingMeter(codec);
}

/** Squares of the samples each octet stands for. */
type PowerTable = Float64Array;

const ALAW = powerTable(decodeAlaw);
const ULAW = powerTable(decodeUlaw);

function tableMeter(table: PowerTable): LevelMeter {
  return {
    level: payload => {
      let sum = 0;
      for (const octet of payload) sum += table[octet] ?? 0;
      return toDbov(sum / payload.length);
    },
    close: () => undefined,
  };
}

function powerTable(decode: (octet: number) => number): PowerTable {
  return Float64Array.from({ length: 256 }, (_, octet) => (decode(octet) / FULL_SCALE) ** 2);
}

/** ITU-T G.711 Table 1: A-law, even bits inverted, 13 bits of magnitude in 16. */
function decodeAlaw(octet: number): number {
  const code = octet ^ 0x55;
  const exponent = (code & 0x70) >> 4;
  const mantissa = ((code & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (code & 0x80) !== 0 ? magnitude : -magnitude;
}

/** ITU-T G.711 Table 2: µ-law, all bits inverted, 14 bits of magnitude in 16. */
function decodeUlaw(octet: number): number {
  const code = ~octet & 0xff;
  const exponent = (code & 0x70) >> 4;
  const magnitude = ((((code & 0x0f) << 3) + 0x84) << exponent) - 0x84;
  return (code & 0x80) !== 0 ? -magnitude : magnitude;
}

function toDbov(meanSquare: number): number {
  return meanSquare > 0 ? Math.max(SILENCE_DBOV, 10 * Math.log10(meanSquare) + 3.01) : SILENCE_DBOV;
}

class DecodingMeter implements LevelMeter {
  readonly #decoder = new CodecContext();
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  #isOpen = true;

  constructor(codec: 'g722' | 'opus') {
    const name = codec === 'g722' ? FF_DECODER_ADPCM_G722 : FF_DECODER_LIBOPUS;
    const decoder = Codec.findDecoderByName(name);
    if (!decoder) throw new Error(`no decoder for ${codec}`);
    this.#decoder.allocContext3(decoder);
    this.#decoder.sampleRate = codec === 'g722' ? 16_000 : 48_000;
    this.#decoder.channels = 1;
    FFmpegError.throwIfError(this.#decoder.open2Sync(decoder), 'level decoder');
    this.#packet.alloc();
    this.#frame.alloc();
  }

  level(payload: Buffer): number {
    this.#packet.data = payload;
    const sent = this.#decoder.sendPacketSync(this.#packet);
    this.#packet.unref();
    if (sent < 0 || this.#decoder.receiveFrameSync(this.#frame) < 0) return SILENCE_DBOV;
    const level = toDbov(meanSquare(this.#frame));
    this.#frame.unref();
    return level;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#decoder.freeContext();
    this.#packet.free();
    this.#frame.free();
  }
}

function meanSquare(frame: Frame): number {
  const data = frame.data?.[0];
  const count = frame.nbSamples;
  if (!data || count === 0) return 0;
  const isFloat = frame.format === AV_SAMPLE_FMT_FLT || frame.format === AV_SAMPLE_FMT_FLTP;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const sample = isFloat ? data.readFloatLE(i * 4) : data.readInt16LE(i * 2) / FULL_SCALE;
    sum += sample * sample;
  }
  return sum / count;
}
