/** Payload header of H.263-1998 and H.263-2000; RFC 4629 §5.1. */
export interface Rfc4629Payload {
  /** P: a picture, GOB or slice begins, its first two zero bytes left out. */
  readonly isStart: boolean;
  /** The picture header once more, for the case that the first packet is lost; its PSC lacks two zero bytes. */
  readonly extraHeader: Buffer;
  /** Bits of its last byte that are not of it. */
  readonly extraHeaderEbit: number;
  readonly body: Buffer;
}

const HEADER_BYTES = 2;

/** Undefined when the payload ends within the header or right behind it. */
export function readRfc4629(payload: Buffer): Rfc4629Payload | undefined {
  if (payload.length <= HEADER_BYTES) return undefined;
  const header = payload.readUInt16BE(0);
  const hasRedundancyCoding = (header & 0x200) !== 0; // V
  const extraAt = HEADER_BYTES + (hasRedundancyCoding ? 1 : 0);
  const bodyAt = extraAt + ((header >> 3) & 0x3f); // PLEN
  if (bodyAt >= payload.length) return undefined;
  return {
    isStart: (header & 0x400) !== 0,
    extraHeader: payload.subarray(extraAt, bodyAt),
    extraHeaderEbit: header & 7, // PEBIT
    body: payload.subarray(bodyAt),
  };
}

export const LEFT_OUT_ZEROS = Buffer.from([0, 0]);

/** The start code's remaining byte says what begins: a picture is GOB number 0. */
export function startsPicture({ isStart, body }: Rfc4629Payload): boolean {
  return isStart && ((body[0] ?? 0) & 0xfc) === 0x80;
}
