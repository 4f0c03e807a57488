/**
 * Parameters of H.263 and H.261 in SDP: RFC 4629 §8.1, RFC 4587 §6.1, and the
 * forms of devices that are older than either (`CIF=1/MaxBR=1920`, `4CIF=2`).
 */
import type { DecoderLimits } from './picture.ts';

/** A picture size, and the least number of clock ticks from one picture to the next (MPI). */
interface Size {
  /** Macroblocks. */
  readonly blocks: number;
  readonly ticks: number;
}

const QCIF_BLOCKS = 99;
const CIF_BLOCKS = 396;
/** Macroblocks of each size; sub-QCIF counts as QCIF, which every decoder takes; ITU-T H.263 §4.1.1. */
const BLOCKS: Record<string, number> = {
  sqcif: QCIF_BLOCKS,
  qcif: QCIF_BLOCKS,
  cif: CIF_BLOCKS,
  cif4: 1584,
  '4cif': 1584,
  cif16: 6336,
  '16cif': 6336,
};

/** The clock of all sizes: 30000 ticks in 1001 seconds; ITU-T H.263 §5.1.1. */
const CLOCK_HZ = 30_000 / 1001;
const MAX_TICKS = 32;
/** More ticks mean fewer than 15 pictures a second, for which a larger picture is not worth it. */
const WORTHWHILE_TICKS = 2;
const MACROBLOCK_PX = 16;
/** Unit of MaxBR: 100 bit/s; RFC 4629 §8.1.1. */
const MAX_BR_UNIT_BPS = 100;

/**
 * What is meant where no size is said. RFC 4629 §8.2.1 and RFC 4587 §6.2.1 let us
 * count on QCIF alone. But who takes no more says so (telephones: `QCIF=2`), all
 * offers of room codecs at hand that list sizes have CIF=1 among them (E20, TC,
 * HDX, Group 500, X30), and pjsip takes silence even for 4CIF. A device that
 * shows nothing of CIF would be the first, and a row for `quirks.ts`.
 */
const UNSAID: Size = { blocks: CIF_BLOCKS, ticks: 1 };

/**
 * Reads an fmtp value. Of several sizes the largest counts that comes at 15
 * pictures a second, and its rate for all of them; of custom ones, which we
 * never send, the smallest, and only where nothing else is said. Never throws.
 */
export function readH263(fmtp: string): DecoderLimits {
  const fields = readFields(fmtp);
  const sizes = readSizes(fields);
  const worthwhile = sizes.filter(({ ticks }) => ticks <= WORTHWHILE_TICKS);
  const largest = (worthwhile.length > 0 ? worthwhile : sizes).toSorted(
    (a, b) => b.blocks - a.blocks || a.ticks - b.ticks,
  )[0];
  const { blocks, ticks } = largest ?? readCustom(fields) ?? UNSAID;
  const maxBitrateBps = readMaxBitrate(fields);
  return {
    maxFs: blocks,
    maxMbps: Math.ceil((blocks * CLOCK_HZ) / ticks),
    ...(ticks > 1 && { maxFps: CLOCK_HZ / ticks }),
    ...(maxBitrateBps !== undefined && { maxBitrateBps }),
  };
}

/**
 * What we take, of what the peer has: CIF unless it has only less, and QCIF.
 * None of the annexes, which both sides would have to list; RFC 4629 §8.2.1.
 *
 * @param fmtp the peer's
 */
export function ourH263(fmtp = ''): string {
  const fields = readFields(fmtp);
  const { blocks } = readCustom(fields) ?? UNSAID;
  const largest = Math.max(...readSizes(fields).map(size => size.blocks));
  const hasCif = (Number.isFinite(largest) ? largest : blocks) >= CIF_BLOCKS;
  return hasCif ? 'CIF=1;QCIF=1' : 'QCIF=1';
}

type Fields = readonly (readonly [name: string, value: string])[];

/** Semicolons separate; spaces, slashes and commas too where a device is old or careless. */
function readFields(fmtp: string): Fields {
  return fmtp
    .toLowerCase()
    .replace(/ ?([=,]) ?/g, '$1')
    .split(/[;/\s]|,(?=[a-z])/)
    .map(part => {
      const [name = '', value = ''] = part.split('=');
      return [name, value] as const;
    })
    .filter(([name, value]) => name !== '' && value !== '');
}

/** A size with an MPI of 0, as some write, is not taken. */
function readSizes(fields: Fields): Size[] {
  return fields.flatMap(([name, value]) => sizeOf(BLOCKS[name], value));
}

/** `CUSTOM=width,height,MPI`; the smallest. */
function readCustom(fields: Fields): Size | undefined {
  return fields
    .filter(([name]) => name === 'custom')
    .flatMap(([, value]) => {
      const [widthPx = '', heightPx = '', ticks = ''] = value.split(',');
      return sizeOf(sides(widthPx) * sides(heightPx), ticks);
    })
    .toSorted((a, b) => a.blocks - b.blocks)[0];
}

/** Macroblocks along a side. */
function sides(text: string): number {
  return Math.ceil(Number(text) / MACROBLOCK_PX);
}

/** One size, or none when either number makes no sense. */
function sizeOf(blocks: number | undefined, text: string): Size[] {
  const ticks = Number(text);
  const isRead = Number.isInteger(ticks) && ticks >= 1 && ticks <= MAX_TICKS;
  const isSize = blocks !== undefined && blocks >= QCIF_BLOCKS && Number.isSafeInteger(blocks);
  return isRead && isSize ? [{ blocks, ticks }] : [];
}

function readMaxBitrate(fields: Fields): number | undefined {
  const value = Number(fields.find(([name]) => name === 'maxbr')?.[1]) * MAX_BR_UNIT_BPS;
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
