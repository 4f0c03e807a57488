/** What the stage can take in. */
export type VideoCodec = 'h264' | 'vp8' | 'h263' | 'h263-1998' | 'h261';

/** One coded picture, as FFmpeg's decoder of the codec takes it. */
export interface AccessUnit {
  /** A copy of its own. H.264 is Annex B with start codes of four bytes. */
  readonly data: Buffer;
  /** RTP timestamp, 90 kHz. */
  readonly timestamp: number;
  /**
   * Decoding can begin here: IDR, VP8 key frame, H.263 INTRA picture. H.261 does not say
   * (see `H261Format`).
   */
  readonly isKeyframe: boolean;
  /** False when packets of it are missing or damaged; what is left can be decoded, not without flaws. */
  readonly isWhole: boolean;
  /** Packets are missing right before it: what it builds on may never have come. */
  readonly followsLoss: boolean;
}

/** What a depacketizer looks at: an `OrderedPacket`, in short. */
export interface PayloadPacket {
  readonly seq: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Buffer;
  /** Another one begins another stream: numbers and times before have nothing to do with it. */
  readonly epoch: number;
}

/** Makes coded pictures of packets. */
export interface Depacketizer {
  /** Packets come in order; holes in their numbers are losses. Gives the units that ended. Never throws. */
  push(packet: PayloadPacket): AccessUnit[];
}
