import { seqDiff } from '../packet.ts';
import type { AccessUnit, Depacketizer, PayloadPacket } from './access-unit.ts';
import { UnitBuffer } from './unit-buffer.ts';

/** What came together of a picture. */
export interface FinishedPicture {
  readonly isKeyframe: boolean;
  /** Parts were left out that did come, because they were damaged or of no use alone. */
  readonly isDamaged: boolean;
}

/** What a payload format does with the payloads of one stream, picture by picture. */
export interface PayloadFormat {
  /** Whether a picture can begin with this payload. */
  startsPicture(payload: Buffer): boolean;
  /** @param isAfterHole packets of this picture are missing before this one */
  add(payload: Buffer, unit: UnitBuffer, isAfterHole: boolean): void;
  /**
   * All of the picture that will come is there. Takes out of the unit what cannot
   * be decoded, all of it if need be, and begins the next picture.
   */
  finish(unit: UnitBuffer, isTorn: boolean): FinishedPicture;
}

/** Cuts a stream into pictures, by marker and timestamp, and watches over holes. */
export class UnitAssembler implements Depacketizer {
  readonly #newFormat: () => PayloadFormat;
  readonly #unit = new UnitBuffer();
  #format: PayloadFormat;
  #epoch: number | undefined;
  #nextSeq = 0;
  /** The picture that is coming in. */
  #current:
    | { readonly timestamp: number; readonly followsLoss: boolean; isTorn: boolean }
    | undefined;

  /** @param newFormat called for each new stream: nothing is known of it */
  constructor(newFormat: () => PayloadFormat) {
    this.#newFormat = newFormat;
    this.#format = newFormat();
  }

  push(packet: PayloadPacket): AccessUnit[] {
    const units: AccessUnit[] = [];
    const isNewStream = packet.epoch !== this.#epoch;
    const isHole = isNewStream || seqDiff(packet.seq, this.#nextSeq) !== 0;
    this.#nextSeq = (packet.seq + 1) & 0xffff;
    if (isNewStream || this.#current?.timestamp !== packet.timestamp) this.#end(units, isHole); // its marker may be what is missing
    if (isNewStream) this.#format = this.#newFormat();
    this.#epoch = packet.epoch;
    this.#add(packet, isHole, isHole && !isNewStream);
    if (packet.marker) this.#end(units, false);
    return units;
  }

  #add({ payload, timestamp }: PayloadPacket, isHole: boolean, followsLoss: boolean): void {
    const isFirst = this.#current === undefined;
    const isTornHere = isHole && !(isFirst && this.#format.startsPicture(payload));
    this.#current ??= { timestamp, followsLoss, isTorn: false };
    this.#current.isTorn ||= isTornHere;
    if (!this.#unit.isOverfull) this.#format.add(payload, this.#unit, isTornHere);
  }

  #end(units: AccessUnit[], lacksEnd: boolean): void {
    const current = this.#current;
    if (!current) return;
    this.#current = undefined;
    const isTorn = current.isTorn || lacksEnd;
    const isTooLarge = this.#unit.isOverfull;
    const { isKeyframe, isDamaged } = this.#format.finish(this.#unit, isTorn);
    if (isTooLarge || this.#unit.length === 0) return this.#unit.clear();
    const { timestamp, followsLoss } = current;
    const data = this.#unit.take();
    units.push({ data, timestamp, isKeyframe, isWhole: !isTorn && !isDamaged, followsLoss });
  }
}
