import { beforeAll, describe, expect, test } from 'vitest';
import type { RtpPacket } from '../../../src/stage/rtp/packet.ts';
import { buildPli } from '../../../src/stage/rtp/rtcp.ts';
import { sleep } from '../../../src/util/abort.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Camera } from './camera.ts';
import { colourClip } from './clip.ts';
import { receivedByFfmpeg } from './foreign.ts';
import { BROWSER_SSRC, Rig, TERMS } from './rig.ts';
import { startsKeyframe } from './seen.ts';
import { expectOneStream, payloadsOf } from './streams.ts';

const MEASURED_MS = 5_000;
/** Rate control looks at more than five seconds; headers of RTP are not counted. */
const RATE_TOLERANCE = 1.15;
/** Whole pictures are compared: they take memory. */
const MOST_DECODED = 60;
const MACROBLOCK = 16;
const MTU_PAYLOAD_BYTES = 1_300;

type Terms = Parameters<Rig['addEndpoint']>[1];

interface Group {
  readonly name: string;
  readonly terms: Terms;
  readonly limits: Partial<typeof TERMS.limits>;
  /** As the stage names it. */
  readonly group: string;
  readonly size: string;
  readonly maxBps: number;
  readonly rtpmap: readonly string[];
}

const H264 = (mode: number) => ['H264', `packetization-mode=${mode}`];

const GROUPS: readonly Group[] = [
  {
    name: '720p, mode 1',
    terms: {},
    limits: {},
    group: 'h264 1280x720@25 1500k mode1',
    size: '1280x720',
    maxBps: 1_500_000,
    rtpmap: H264(1),
  },
  {
    name: '720p, mode 0',
    terms: {},
    limits: { packetizationMode: 0 },
    group: 'h264 1280x720@25 1500k mode0',
    size: '1280x720',
    maxBps: 1_500_000,
    rtpmap: H264(0),
  },
  {
    name: '448p',
    terms: {},
    limits: { maxFs: 1_620, maxMbps: 40_500, maxBitrateBps: 1_000_000 },
    group: 'h264 768x448@25 700k mode1',
    size: '768x448',
    maxBps: 700_000,
    rtpmap: H264(1),
  },
  {
    name: 'CIF',
    terms: {},
    limits: { maxFs: 396, maxMbps: 11_880, maxBitrateBps: 384_000 },
    group: 'h264 352x288@25 256k mode1',
    size: '352x288',
    maxBps: 256_000,
    rtpmap: H264(1),
  },
  {
    name: 'QCIF, level 1',
    terms: {},
    limits: { maxFs: 99, maxMbps: 1_485, maxBitrateBps: 64_000, packetizationMode: 0 },
    group: 'h264 176x144@15 64k mode0',
    size: '176x144',
    maxBps: 64_000,
    rtpmap: H264(0),
  },
  {
    name: 'H.263 by RFC 2190',
    terms: { codec: 'h263', payloadType: 34 },
    limits: { maxFs: 396, maxMbps: 11_880, maxBitrateBps: 384_000 },
    group: 'h263 352x288@25 384k',
    size: '352x288',
    maxBps: 384_000,
    rtpmap: ['H263'],
  },
  {
    name: 'H.263 in QCIF, ten pictures a second',
    terms: { codec: 'h263', payloadType: 34 },
    limits: { maxFs: 99, maxMbps: 990, maxBitrateBps: 128_000 },
    group: 'h263 176x144@10 64k',
    size: '176x144',
    maxBps: 64_000,
    rtpmap: ['H263'],
  },
  {
    name: 'H.263-1998',
    terms: { codec: 'h263-1998', payloadType: 98 },
    limits: { maxFs: 396, maxMbps: 11_880, maxBitrateBps: 256_000 },
    group: 'h263-1998 352x288@15 256k',
    size: '352x288',
    maxBps: 256_000,
    rtpmap: ['H263-1998'],
  },
];

/** What each was sent: all groups at once, of lively cameras, for a few seconds. */
const sent = new Map<Group, Camera>();
const composed = new Set<string>();

beforeAll(async () => {
  const rig = await Rig.start();
  try {
    for (const colour of ['red', 'green'] as const) {
      const camera = await rig.addBrowser(colour);
      camera.play(colourClip(colour, { look: 'lively' }), { ssrc: BROWSER_SSRC, payloadType: 107 });
    }
    for (const [index, group] of GROUPS.entries()) {
      const limits = { ...TERMS.limits, ...group.limits };
      const { phone } = await rig.addEndpoint(`r${index}`, { ...group.terms, limits });
      sent.set(group, phone);
    }
    await rig.layOut('speaker');
    await rig.speakers('red');
    await waitFor('all to be composed', async () => {
      const { canvases } = await rig.status();
      return canvases.length === GROUPS.length && canvases.every(({ fps }) => fps > 0);
    });
    await sleep(MEASURED_MS + 1_000);
    const { canvases, load } = await rig.status();
    for (const { group, fps } of canvases) {
      composed.add(group);
      process.stdout.write(`${group}: ${fps} pictures a second, load ${load.budgetUsed}\n`);
    }
  } finally {
    await rig.close();
  }
}, 60_000);

function receivedBy(group: Group): Camera {
  return sent.get(group) ?? expect.fail(`no receiver of ${group.name}`);
}

/** From the first key frame of H.264 with the last parameter sets on: what was before is the slate. */
function sinceKeyframe(group: Group): readonly RtpPacket[] {
  const { received } = receivedBy(group);
  if (group.rtpmap[0] !== 'H264') return received;
  const last = received.findLast(startsKeyframe)?.payload ?? Buffer.alloc(0);
  return received.slice(
    received.findIndex(packet => startsKeyframe(packet) && packet.payload.equals(last)),
  );
}

describe.each(GROUPS)('$name', group => {
  test('is encoded as the receiver takes it', () => {
    expect([...composed]).toContain(group.group);
    const [width = 0, height = 0] = group.size.split('x').map(Number);
    const macroblocks = Math.ceil(width / MACROBLOCK) * Math.ceil(height / MACROBLOCK);
    expect(macroblocks).toBeLessThanOrEqual(group.limits.maxFs ?? TERMS.limits.maxFs);
  });

  test('decodes without a complaint, in its size', async () => {
    const payloadType = group.terms?.payloadType ?? TERMS.payloadType;
    expectOneStream(receivedBy(group).received, payloadType);
    const pictures = payloadsOf(sinceKeyframe(group)).slice(0, MOST_DECODED);
    expect(pictures.length).toBeGreaterThan(20);
    const shown = await receivedByFfmpeg(pictures, group.rtpmap, payloadType, group.size);
    expect(shown.complaints).toEqual([]);
    expect(shown.pictures).toBeGreaterThanOrEqual(pictures.length - 1);
    expect(Number.isInteger(shown.pictures)).toBe(true);
    expect(shown.colours.at(-1)).toBe('red');
  });

  test('keeps to its bit rate', () => {
    const { received, receivedMs } = receivedBy(group);
    const fromMs = (receivedMs.at(-1) ?? 0) - MEASURED_MS;
    const measured = received.filter((_, index) => (receivedMs[index] ?? 0) >= fromMs);
    const octets = measured.reduce((sum, { payload }) => sum + payload.length, 0);
    const bps = (octets * 8_000) / MEASURED_MS;
    process.stdout.write(`${group.name}: ${Math.round(bps / 1000)} kbit/s\n`);
    expect(bps).toBeLessThanOrEqual(group.maxBps * RATE_TOLERANCE);
  });

  test('comes in packets that pass every tunnel', () => {
    const { received } = receivedBy(group);
    const longest = Math.max(...received.map(({ payload }) => payload.length));
    expect(longest).toBeLessThan(MTU_PAYLOAD_BYTES);
    if (group.rtpmap[1] !== 'packetization-mode=0') return;
    const types = new Set(received.map(({ payload }) => (payload[0] ?? 0) & 0x1f));
    expect([...types].every(type => type >= 1 && type <= 23)).toBe(true);
  });
});

test('a key frame comes when a receiver asks, and not as often as it asks', async () => {
  const rig = await Rig.start();
  try {
    const camera = await rig.addBrowser('red');
    camera.play(colourClip('red', { size: '160x90' }), { ssrc: BROWSER_SSRC, payloadType: 107 });
    const { phone } = await rig.addEndpoint('dark');
    await rig.layOut('grid');
    await waitFor('a picture composed', async () => (await rig.showing('dark')) === 'red');
    await sleep(1_000);
    const ssrc = phone.received[0]?.ssrc ?? 0;
    const keyframes = (from: number) => phone.received.slice(from).filter(startsKeyframe).length;
    const from = phone.received.length;
    const askedMs = performance.now();
    phone.sendRtcp(buildPli(1, ssrc));
    await waitFor('the key frame', () => keyframes(from) > 0);
    const index = from + phone.received.slice(from).findIndex(startsKeyframe);
    const tookMs = Math.round((phone.receivedMs[index] ?? 0) - askedMs);
    process.stdout.write(`the key frame came after ${tookMs} ms\n`);
    await sleep(1_000);
    const next = phone.received.length;
    for (let time = 0; time < 20; time += 1) phone.sendRtcp(buildPli(1, ssrc));
    await waitFor('a key frame', () => keyframes(next) > 0);
    await sleep(1_000);
    expect(keyframes(next)).toBeLessThanOrEqual(2);
  } finally {
    await rig.close();
  }
});
