import { createCipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const SUITE = 'AES_CM_128_HMAC_SHA1_80';
const KEY_BYTES = 16;
const SALT_BYTES = 14;
const TAG_BYTES = 10;
const RTP_HEADER_BYTES = 12;
const RTCP_HEADER_BYTES = 8;
/** RFC 3711 §4.3.1: what each derived key is for; those of SRTCP follow from 3. */
const LABELS = { srtp: 0, srtcp: 3 } as const;
const ENCRYPTED = 0x8000_0000;

interface Derived {
  readonly cipher: Buffer;
  readonly authentication: Buffer;
  readonly salt: Buffer;
}

/** One direction of SRTP with an SDES key, AES_CM_128_HMAC_SHA1_80; RFC 3711, RFC 4568. */
export class SrtpKey {
  readonly #master: Buffer;
  readonly #rtp: Derived;
  readonly #rtcp: Derived;
  /** Rollover counter and highest number of each SSRC; RFC 3711 §3.3.1. */
  readonly #highest = new Map<number, number>();
  #rtcpIndex = 0;

  private constructor(master: Buffer) {
    this.#master = master;
    this.#rtp = derive(master, LABELS.srtp);
    this.#rtcp = derive(master, LABELS.srtcp);
  }

  static random(): SrtpKey {
    return new SrtpKey(randomBytes(KEY_BYTES + SALT_BYTES));
  }

  /** The key of a section of SDP. @throws Error without one of this suite */
  static of(section: string): SrtpKey {
    const [, inline] =
      new RegExp(`^a=crypto:\\d+ ${SUITE} inline:([^|\\s]+)`, 'm').exec(section) ?? [];
    if (!inline) throw new Error(`no key of ${SUITE} in\n${section}`);
    return new SrtpKey(Buffer.from(inline, 'base64'));
  }

  /** @param offered of which the tag is kept */
  line(offered: string): string {
    const [, tag = '1'] = new RegExp(`^a=crypto:(\\d+) ${SUITE}`, 'm').exec(offered) ?? [];
    return `a=crypto:${tag} ${SUITE} inline:${this.#master.toString('base64')}`;
  }

  protectRtp(packet: Buffer): Buffer {
    const index = this.#indexOf(packet);
    this.#note(packet, index);
    const coded = this.#cipherRtp(packet, index);
    return Buffer.concat([coded, this.#tagOf(coded, index)]);
  }

  /** The packet in the clear; undefined when it was not made with this key. */
  openRtp(packet: Buffer): Buffer | undefined {
    const coded = packet.subarray(0, -TAG_BYTES);
    if (coded.length < RTP_HEADER_BYTES) return undefined;
    const index = this.#indexOf(coded);
    const isGenuine = timingSafeEqual(this.#tagOf(coded, index), packet.subarray(-TAG_BYTES));
    if (!isGenuine) return undefined;
    this.#note(coded, index);
    return this.#cipherRtp(coded, index);
  }

  protectRtcp(packet: Buffer): Buffer {
    this.#rtcpIndex += 1;
    const body = packet.subarray(RTCP_HEADER_BYTES);
    const coded = keystream(this.#rtcp, packet.readUInt32BE(4), this.#rtcpIndex, body);
    const trailer = Buffer.alloc(4);
    trailer.writeUInt32BE((ENCRYPTED | this.#rtcpIndex) >>> 0);
    const whole = Buffer.concat([packet.subarray(0, RTCP_HEADER_BYTES), coded, trailer]);
    return Buffer.concat([whole, hmac(this.#rtcp, whole)]);
  }

  openRtcp(packet: Buffer): Buffer | undefined {
    const whole = packet.subarray(0, -TAG_BYTES);
    if (whole.length < RTCP_HEADER_BYTES + 4) return undefined;
    if (!timingSafeEqual(hmac(this.#rtcp, whole), packet.subarray(-TAG_BYTES))) return undefined;
    const index = whole.readUInt32BE(whole.length - 4);
    const body = whole.subarray(RTCP_HEADER_BYTES, -4);
    const isCoded = index >>> 31 === 1;
    const number = index & 0x7fff_ffff;
    const clear = isCoded ? keystream(this.#rtcp, whole.readUInt32BE(4), number, body) : body;
    return Buffer.concat([whole.subarray(0, RTCP_HEADER_BYTES), clear]);
  }

  #cipherRtp(packet: Buffer, index: number): Buffer {
    const body = packet.subarray(RTP_HEADER_BYTES);
    const coded = keystream(this.#rtp, packet.readUInt32BE(8), index, body);
    return Buffer.concat([packet.subarray(0, RTP_HEADER_BYTES), coded]);
  }

  #tagOf(coded: Buffer, index: number): Buffer {
    const rollover = Buffer.alloc(4);
    rollover.writeUInt32BE(Math.floor(index / 0x1_0000));
    return hmac(this.#rtp, Buffer.concat([coded, rollover]));
  }

  /** The 48-bit index nearest to the highest so far; RFC 3711 §3.3.1. */
  #indexOf(packet: Buffer): number {
    const [seq, ssrc] = [packet.readUInt16BE(2), packet.readUInt32BE(8)];
    const highest = this.#highest.get(ssrc) ?? seq;
    return highest + (((seq - highest) << 16) >> 16);
  }

  /** Of genuine packets alone; RFC 3711 §3.3.1. */
  #note(packet: Buffer, index: number): void {
    const ssrc = packet.readUInt32BE(8);
    this.#highest.set(ssrc, Math.max(index, this.#highest.get(ssrc) ?? index));
  }
}

/** RFC 3711 §4.3: the master key over the salt with the label put in. */
function derive(master: Buffer, first: number): Derived {
  const make = (label: number, bytes: number) => {
    const iv = Buffer.alloc(16);
    master.copy(iv, 0, KEY_BYTES);
    iv[7] = (iv[7] ?? 0) ^ label;
    return aesCtr(master.subarray(0, KEY_BYTES), iv, Buffer.alloc(bytes));
  };
  return {
    cipher: make(first, KEY_BYTES),
    authentication: make(first + 1, 20),
    salt: make(first + 2, SALT_BYTES),
  };
}

/** RFC 3711 §4.1.1; plain to coded and back. */
function keystream({ cipher, salt }: Derived, ssrc: number, index: number, body: Buffer): Buffer {
  const mask = Buffer.alloc(16);
  mask.writeUInt32BE(ssrc, 4);
  mask.writeUIntBE(index, 8, 6);
  const iv = Buffer.alloc(16);
  salt.copy(iv);
  return aesCtr(
    cipher,
    iv.map((octet, at) => octet ^ (mask[at] ?? 0)),
    body,
  );
}

function aesCtr(key: Buffer, iv: Uint8Array, data: Buffer): Buffer {
  return createCipheriv('aes-128-ctr', key, iv).update(data);
}

function hmac({ authentication }: Derived, data: Buffer): Buffer {
  return createHmac('sha1', authentication).update(data).digest().subarray(0, TAG_BYTES);
}
