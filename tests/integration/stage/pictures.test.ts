import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RtpPacket, seqDiff } from '../../../src/stage/rtp/packet.ts';
import { buildPli, parseRtcp } from '../../../src/stage/rtp/rtcp.ts';
import { sleep } from '../../../src/util/abort.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type Clip, colourClip } from './clip.ts';
import { coloursOf, withoutRepeats } from './decode.ts';
import { BROWSER_SSRC, Rig, TERMS, type TestEndpoint } from './rig.ts';
import { startsKeyframe } from './seen.ts';
import { expectOneStream } from './streams.ts';

const A_WHILE_MS = 800;
let red: Clip;
let green: Clip;
let blue: Clip;
let rig: Rig;

beforeAll(() => {
  red = colourClip('red');
  green = colourClip('green', { sliced: true });
  blue = colourClip('blue');
});
beforeEach(async () => {
  rig = await Rig.start();
});
afterEach(() => rig.close());

const asEndpoint = { ssrc: 0x1111, payloadType: 97 };
const asBrowser = { ssrc: BROWSER_SSRC, payloadType: 107 };

const shows = (endpoint: TestEndpoint, id: string | null) =>
  waitFor(`${endpoint.id} to see ${id}`, async () => (await rig.showing(endpoint.id)) === id);

describe('what an endpoint receives', () => {
  test('is one stream that decodes, whoever is shown in it', async () => {
    await rig.layOut('full');
    const a = await rig.addEndpoint('a');
    await shows(a, null);
    await sleep(A_WHILE_MS);
    a.phone.play(red, asEndpoint);
    const b = await rig.addEndpoint('b', { payloadType: 111 });
    b.phone.play(green, { ssrc: 0x2222, payloadType: 111, repeatsParameterSets: false });
    await shows(a, 'b');
    await shows(b, 'a');
    const browser = await rig.addBrowser('c');
    browser.play(blue, asBrowser);
    await sleep(A_WHILE_MS);
    await rig.speakers('c');
    await shows(a, 'c');
    await shows(b, 'c');
    await sleep(A_WHILE_MS);
    await rig.speakers('a', 'c');
    await shows(b, 'a');
    expect(await rig.showing('a')).toBe('c');
    await sleep(A_WHILE_MS);
    await rig.remove('c');
    await shows(a, 'b');
    await sleep(A_WHILE_MS);
    await rig.remove('b');
    await shows(a, null);
    await sleep(A_WHILE_MS);

    expectOneStream(a.phone.received, 97);
    const atA = await coloursOf(a.phone.received);
    expect(withoutRepeats(atA.colours)).toEqual(['black', 'green', 'blue', 'green', 'black']);
    expect(atA.complaints).toEqual([]);
    expectOneStream(b.phone.received, 111);
    const atB = await coloursOf(b.phone.received);
    expect(withoutRepeats(atB.colours).filter(colour => colour !== 'black')).toEqual([
      'red',
      'blue',
      'red',
    ]);
    expect(atB.complaints).toEqual([]);
  });

  test('is nothing larger than its decoder, and in mode 0 nothing but single NAL units within the MTU', async () => {
    await rig.layOut('full');
    const limits = { ...TERMS.limits, packetizationMode: 0 as const, maxFs: 396 };
    const a = await rig.addEndpoint('a', { limits });
    const large = await rig.addBrowser('large');
    large.play(red, asBrowser);
    await shows(a, 'large');
    const small = await rig.addBrowser('small');
    small.play(colourClip('green', { size: '352x288', sliced: true }), asBrowser);
    await sleep(A_WHILE_MS);
    await rig.speakers('small');
    await shows(a, 'small');
    await sleep(A_WHILE_MS);
    const types = new Set(a.phone.received.map(packet => (packet.payload[0] ?? 0) & 0x1f));
    expect([...types].every(type => type >= 1 && type <= 23)).toBe(true);
    expect(Math.max(...a.phone.received.map(packet => packet.payload.length))).toBeLessThan(1300);
    await expect.poll(async () => (await rig.status()).canvases).toEqual([]); // the small one is passed on
    const { colours, complaints } = await coloursOf(a.phone.received);
    expect(withoutRepeats(colours).filter(colour => colour !== 'black')).toEqual(['red', 'green']);
    expect(complaints).toEqual([]);
  });

  test('goes back to the slate when the only camera falls silent', async () => {
    const a = await rig.addEndpoint('a');
    const b = await rig.addEndpoint('b');
    b.phone.play(green, asEndpoint);
    await shows(a, 'b');
    b.phone.stop();
    await shows(a, null);
  });

  test('stops when it does not receive any more', async () => {
    const a = await rig.addEndpoint('a');
    await waitFor('the slate', () => a.phone.received.length > 0);
    const member = { sceneId: 'scene-1', participantId: 'a' };
    await rig.client.request('endpoint.update', { ...member, ...TERMS, receives: false });
    await sleep(100);
    const before = a.phone.received.length;
    await sleep(A_WHILE_MS);
    expect(a.phone.received.length).toBe(before);
  });

  test('recovers from loss and disorder on the way in', async () => {
    const a = await rig.addEndpoint('a');
    const b = await rig.addEndpoint('b');
    b.phone.play(green, { ...asEndpoint, loseEvery: 50, swapEvery: 7 });
    await shows(a, 'b');
    await sleep(4 * A_WHILE_MS);
    expect(b.phone.keyframesAsked).toBeGreaterThan(0);
    b.phone.play(green, { ...asEndpoint, swapEvery: 7 });
    await sleep(2 * A_WHILE_MS);
    const seqs = a.phone.received.map(packet => packet.seq);
    const holes = seqs.filter((seq, index) => index > 0 && seqDiff(seq, seqs[index - 1] ?? 0) > 1);
    expect(holes.length).toBeGreaterThan(0); // what is lost for good is not hidden
    const { colours } = await coloursOf(a.phone.received);
    expect(colours.slice(-10)).toEqual(Array(10).fill('green'));
    const status = (await rig.status()).scenes[0]?.participants.find(m => m.participantId === 'b');
    expect(status?.packetsReceived).toBeGreaterThan(50);
  });
});

function pictureCount(packets: readonly RtpPacket[]): number {
  return new Set(packets.map(({ timestamp }) => timestamp)).size;
}

describe('the feed of an endpoint', () => {
  test('rests while no browser is there, and begins with a key frame when one comes', async () => {
    const a = await rig.addEndpoint('a');
    a.phone.play(red, asEndpoint);
    await waitFor('the feed', () => a.feed.received.length > 0);
    const atRest = a.feed.received.length;
    const before = a.phone.keyframesAsked;
    await sleep(2 * A_WHILE_MS);
    expect(pictureCount(a.feed.received.slice(atRest))).toBeLessThanOrEqual(
      1 + (2 * A_WHILE_MS) / 500,
    );
    expect(a.phone.keyframesAsked).toBe(before);
    const awake = a.feed.received.length;
    await rig.people({ id: 'lan', kind: 'browser' });
    await waitFor('a request for a key frame', () => a.phone.keyframesAsked > before);
    await waitFor('the feed', () => pictureCount(a.feed.received.slice(awake)) > 25);
    expectOneStream(a.feed.received, 107);
    const first = a.feed.received.findIndex(
      (packet, index) => index >= awake && startsKeyframe(packet),
    );
    const { colours, complaints } = await coloursOf(a.feed.received.slice(first));
    expect(withoutRepeats(colours)).toEqual(['red']);
    expect(complaints).toEqual([]);
  });

  test('pain 6: keeps its SSRC and goes on when the camera takes another', async () => {
    const a = await rig.addEndpoint('a');
    await rig.people({ id: 'lan', kind: 'browser' });
    a.phone.play(red, { ...asEndpoint, repeatsParameterSets: false });
    await waitFor('the feed', () => a.feed.received.length > 50);
    a.phone.play(blue, { ssrc: 0x3333, payloadType: 120 });
    const before = a.phone.keyframesAsked;
    await waitFor('a request for a key frame', () => a.phone.keyframesAsked > before);
    await sleep(A_WHILE_MS);
    expect(a.feed.received[0]?.ssrc).toBe(a.feedSsrc);
    expectOneStream(a.feed.received, 107);
    const { colours, complaints } = await coloursOf(a.feed.received);
    expect(withoutRepeats(colours)).toEqual(['red', 'blue']);
    expect(complaints).toEqual([]);
  });

  test('is reported on, and so is the camera', async () => {
    const a = await rig.addEndpoint('a');
    a.phone.play(red, asEndpoint);
    const kinds = (data: readonly Buffer[]) => data.flatMap(parseRtcp).map(item => item.kind);
    await waitFor('a report at the feed', () =>
      kinds(a.feed.rtcpReceived).includes('sender-report'),
    );
    await waitFor('a report at the endpoint', () => {
      const seen = kinds(a.phone.rtcpReceived);
      return seen.includes('sender-report') && seen.includes('reception');
    });
  });
});

describe('a key frame', () => {
  test('asked for at the feed is asked of the endpoint, once for many', async () => {
    const a = await rig.addEndpoint('a');
    a.phone.play(red, asEndpoint);
    await waitFor('the feed', () => a.feed.received.length > 10);
    await sleep(A_WHILE_MS);
    const before = a.phone.keyframesAsked;
    for (let i = 0; i < 20; i++) a.feed.sendRtcp(buildPli(1, a.feedSsrc));
    await waitFor('a request', () => a.phone.keyframesAsked > before);
    await sleep(A_WHILE_MS);
    expect(a.phone.keyframesAsked - before).toBeLessThanOrEqual(2);
  });

  test('is asked for by FIR where that was negotiated, each with a new number', async () => {
    const a = await rig.addEndpoint('a', { keyframe: 'fir' });
    a.phone.play(red, asEndpoint);
    const numbers = () =>
      a.phone.rtcpReceived.map(firNumber).filter(number => number !== undefined);
    await waitFor('the feed', () => a.feed.received.length > 10);
    await waitFor('two requests', () => {
      a.feed.sendRtcp(buildPli(1, a.feedSsrc));
      return numbers().length >= 2;
    });
    expect(new Set(numbers()).size).toBe(numbers().length);
  });

  test('is asked for by the gateway where the endpoint knows only SIP INFO', async () => {
    const asked: string[] = [];
    rig.client.on('endpoint.keyframe-needed', ({ participantId }) => asked.push(participantId));
    const a = await rig.addEndpoint('a', { keyframe: 'info' });
    a.phone.play(red, asEndpoint);
    await waitFor('the event', () => asked.includes('a'));
  });

  test('asked for by the endpoint, by RTCP or by the gateway, is asked of whom it sees', async () => {
    const a = await rig.addEndpoint('a');
    const browser = await rig.addBrowser('b');
    browser.play(blue, asBrowser);
    await shows(a, 'b');
    await sleep(A_WHILE_MS);
    const first = browser.keyframesAsked;
    a.phone.sendRtcp(buildPli(1, a.phone.received.at(-1)?.ssrc ?? 0));
    await waitFor('a request', () => browser.keyframesAsked > first);
    await sleep(A_WHILE_MS);
    const second = browser.keyframesAsked;
    await rig.client.request('endpoint.refresh', { sceneId: 'scene-1', participantId: 'a' });
    await waitFor('a request', () => browser.keyframesAsked > second);
  });
});

/** Number of the FIR in a compound packet, RFC 5104 §4.3.1.1. */
function firNumber(data: Buffer): number | undefined {
  for (let at = 0; at + 4 <= data.length; at += 4 + data.readUInt16BE(at + 2) * 4)
    if (data[at + 1] === 206 && ((data[at] ?? 0) & 0x1f) === 4) return data[at + 16];
  return undefined;
}
