import { describe, expect, test } from 'vitest';
import type { AccessUnit, VideoCodec } from '../../../src/stage/rtp/payload/access-unit.ts';
import { depacketizerFor } from '../../../src/stage/rtp/payload/depacketizer.ts';
import { packetize, type SendableCodec } from '../../../src/stage/rtp/payload/packetize.ts';
import {
  decodedByFfmpeg,
  encodedByFfmpeg,
  receivedByFfmpeg,
  type Shot,
  sentByFfmpeg,
  sourceOf,
} from './foreign.ts';
import { h261Payloads } from './h261-payloads.ts';
import { encodeH263 } from './h263-encoder.ts';

const PICTURES = 40;
const CIF = '352x288';
const X264 = [
  '-c:v',
  'libx264',
  '-profile:v',
  'baseline',
  '-preset',
  'veryfast',
  '-tune',
  'zerolatency',
  '-b:v',
  '800k',
  '-g',
  '25',
];
const SLICED = [...X264, '-x264-params', 'sliced-threads=0:threads=1:slice-max-size=1100'];
const UNSLICED = [...X264, '-x264-params', 'sliced-threads=0:threads=1'];
const VP8 = [
  '-c:v',
  'libvpx',
  '-deadline',
  'realtime',
  '-cpu-used',
  '8',
  '-b:v',
  '800k',
  '-g',
  '25',
];
const rate = ['-b:v', '600k', '-g', '25'];
const H263 = ['-c:v', 'h263', ...rate];
const H263P = ['-c:v', 'h263p', ...rate];
/** FFmpeg calls its packets experimental: GOBs larger than one are cut anywhere. */
const H261 = ['-c:v', 'h261', ...rate, '-strict', 'experimental'];
/** FFmpeg 5.1 spoils headers of mode B when motion is to the left or up. */
const MOTIONLESS = ['-motion_est', 'zero', '-mb_info', '1000'];

interface Case {
  readonly name: string;
  readonly codec: VideoCodec;
  readonly size: string;
  readonly args: readonly string[];
}

describe.concurrent('what FFmpeg sends is put together, and decodes', () => {
  const cases: readonly Case[] = [
    { name: 'H.264 in large slices', codec: 'h264', size: '640x360', args: UNSLICED },
    { name: 'H.264 in small slices', codec: 'h264', size: '640x360', args: SLICED },
    {
      name: 'H.264 in mode 0',
      codec: 'h264',
      size: CIF,
      args: [...SLICED, '-rtpflags', 'h264_mode0'],
    },
    { name: 'VP8', codec: 'vp8', size: '640x360', args: VP8 },
    {
      name: 'H.263 by RFC 2190, GOBs',
      codec: 'h263',
      size: CIF,
      args: [...H263, '-ps', '400', '-rtpflags', 'rfc2190'],
    },
    {
      name: 'H.263 by RFC 2190, macroblocks',
      codec: 'h263',
      size: CIF,
      args: [...H263, ...MOTIONLESS, '-rtpflags', 'rfc2190'],
    },
    { name: 'H.263 by RFC 4629', codec: 'h263-1998', size: CIF, args: H263 },
    {
      name: 'H.263+, a size of its own',
      codec: 'h263-1998',
      size: '640x360',
      args: [...H263P, '-ps', '800'],
    },
    { name: 'H.261, CIF', codec: 'h261', size: CIF, args: H261 },
    { name: 'H.261, QCIF', codec: 'h261', size: '176x144', args: H261 },
  ];

  test.each(cases)('$name', async ({ codec, size, args }) => {
    const shot: Shot = { colour: 'red', size, pictures: PICTURES };
    const { packets, stream } = await sentByFfmpeg(shot, codec, args);
    const depacketizer = depacketizerFor(codec);
    const units = packets.flatMap(packet => depacketizer.push(packet));
    expect(packets.length).toBeGreaterThan(PICTURES); // pictures are cut at all
    expect(units.filter(unit => !unit.isWhole)).toHaveLength(0);
    expect(units).toHaveLength(PICTURES);
    expect(units.map(unit => unit.isKeyframe).indexOf(true)).toBe(0);
    expect(sizeText(stream.size)).toBe(size);
    expect(packets.some(packet => packet.facts.startsKeyframe)).toBe(true);
    await expectRed(codec, units, size);
  });
});

describe.concurrent('what FFmpeg sends and is lost in part still shows', () => {
  const cases: readonly Case[] = [
    { name: 'H.264 in small slices', codec: 'h264', size: '640x360', args: SLICED },
    {
      name: 'H.263 by RFC 2190',
      codec: 'h263',
      size: CIF,
      args: [...H263, '-ps', '400', '-rtpflags', 'rfc2190'],
    },
    { name: 'H.263 by RFC 4629', codec: 'h263-1998', size: CIF, args: [...H263, '-ps', '400'] },
  ];

  test.each(cases)('$name', async ({ codec, size, args }) => {
    const shot: Shot = { colour: 'red', size, pictures: PICTURES };
    const { packets } = await sentByFfmpeg(shot, codec, args);
    const firstEnd = packets.findIndex(packet => packet.marker);
    const arrived = packets.filter((_, index) => index <= firstEnd || index % 7 !== 3);
    const depacketizer = depacketizerFor(codec);
    const units = arrived.flatMap(packet => depacketizer.push(packet));
    expect(units.some(unit => !unit.isWhole)).toBe(true);
    const { colours, pictures } = await decodedByFfmpeg(codec, units, size);
    expect(pictures).toBeGreaterThan(PICTURES / 2);
    expect(Number.isInteger(pictures)).toBe(true);
    expect(new Set(colours)).toEqual(new Set(['red']));
  });
});

describe('H.261 of FFmpeg’s encoder, a GOB to a packet', () => {
  const shot: Shot = { colour: 'red', size: CIF, pictures: PICTURES };

  /** Units of what arrives, one epoch, numbers in order. */
  async function unitsOf(arrives: (packet: number) => boolean): Promise<AccessUnit[]> {
    const depacketizer = depacketizerFor('h261');
    const coded = await encodedByFfmpeg(shot, H261);
    const packets = coded.flatMap((picture, timestamp) =>
      h261Payloads(picture).map((payload, index, all) => ({
        payload,
        timestamp,
        marker: index === all.length - 1,
        epoch: 1,
      })),
    );
    return packets.flatMap((packet, seq) =>
      arrives(seq) ? depacketizer.push({ ...packet, seq }) : [],
    );
  }

  test('is joined between bits', async () => {
    const units = await unitsOf(() => true);
    expect(units.every(unit => unit.isWhole)).toBe(true);
    await expectRed('h261', units, CIF);
  });

  test('shows the picture before where a GOB is lost', async () => {
    const units = await unitsOf(packet => packet < 12 || packet % 7 !== 4);
    expect(units.some(unit => !unit.isWhole)).toBe(true);
    await expectRed('h261', units, CIF);
  });
});

async function expectRed(codec: VideoCodec, units: readonly AccessUnit[], size: string) {
  const { colours, pictures, complaints } = await decodedByFfmpeg(codec, units, size);
  expect(complaints).toEqual([]);
  expect(pictures).toBe(PICTURES);
  expect(new Set(colours)).toEqual(new Set(['red']));
}

function sizeText(size: { width: number; height: number } | undefined): string {
  return `${size?.width}x${size?.height}`;
}

describe.concurrent('what is cut into packets, FFmpeg receives and decodes', () => {
  interface Sent {
    readonly name: string;
    readonly codec: SendableCodec;
    readonly size: string;
    readonly args: readonly string[];
    readonly rtpmap: readonly string[];
    readonly payloadType?: number;
    readonly packetizationMode?: 0 | 1;
  }
  const mode = (number: number) => `packetization-mode=${number}`;
  const cases: readonly Sent[] = [
    {
      name: 'H.264 in large slices',
      codec: 'h264',
      size: '640x360',
      args: UNSLICED,
      rtpmap: ['H264', mode(1)],
    },
    {
      name: 'H.264 in small slices',
      codec: 'h264',
      size: '640x360',
      args: SLICED,
      rtpmap: ['H264', mode(1)],
    },
    {
      name: 'H.264 in mode 0',
      codec: 'h264',
      size: CIF,
      args: SLICED,
      rtpmap: ['H264', mode(0)],
      packetizationMode: 0,
    },
    { name: 'VP8', codec: 'vp8', size: '640x360', args: VP8, rtpmap: ['VP8'] },
    {
      name: 'H.263 by RFC 2190',
      codec: 'h263',
      size: CIF,
      args: [...H263, '-ps', '400', '-q:v', '4'],
      rtpmap: ['H263'],
      payloadType: 34,
    },
    {
      name: 'H.263 by RFC 4629',
      codec: 'h263-1998',
      size: CIF,
      args: [...H263, '-ps', '400'],
      rtpmap: ['H263-1998'],
    },
    {
      name: 'H.263 by RFC 4629 without GOBs',
      codec: 'h263-1998',
      size: CIF,
      args: H263,
      rtpmap: ['H263-1998'],
    },
    {
      name: 'H.263+',
      codec: 'h263-1998',
      size: '640x360',
      args: [...H263P, '-ps', '800'],
      rtpmap: ['H263-2000'],
    },
  ];

  test.each(cases)(
    '$name',
    async ({ codec, size, args, rtpmap, payloadType = 96, packetizationMode = 1 }) => {
      const units = await encodedByFfmpeg({ colour: 'green', size, pictures: PICTURES }, args);
      expect(units).toHaveLength(PICTURES);
      const options = { maxPayloadBytes: 1200, packetizationMode };
      const pictures = units.map(unit => packetize(codec, unit, options));
      expect(pictures.flat().length).toBeGreaterThan(PICTURES);
      const longest = Math.max(...pictures.flat().map(payload => payload.length));
      expect(longest).toBeLessThanOrEqual(options.maxPayloadBytes);
      const shown = await receivedByFfmpeg(pictures, rtpmap, payloadType, size);
      expect(shown.complaints).toEqual([]);
      expect(shown.pictures).toBe(PICTURES);
      expect(new Set(shown.colours)).toEqual(new Set(['green']));
    },
  );

  test('H.263 by RFC 2190 between macroblocks', async () => {
    const { source, filter } = sourceOf({ colour: 'green', size: CIF, pictures: PICTURES });
    const graph = `${source.replace('color=c=', 'color=color=')},${filter}`;
    const units = await encodeH263(graph, PICTURES);
    const pictures = units.map(({ data, macroblocks }) =>
      packetize('h263', data, { maxPayloadBytes: 1200, packetizationMode: 1, macroblocks }),
    );
    expect(Math.max(...pictures.flat().map(payload => payload.length))).toBeLessThanOrEqual(1200);
    expect(pictures.flat().some(payload => ((payload[0] ?? 0) & 0x80) !== 0)).toBe(true);
    const shown = await receivedByFfmpeg(pictures, ['H263'], 34, CIF);
    expect(shown.complaints).toEqual([]);
    expect(shown.pictures).toBe(PICTURES);
    expect(new Set(shown.colours)).toEqual(new Set(['green']));
  });
});
