import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seqDiff } from '../../../src/stage/rtp/packet.ts';
import { PortPairs } from '../../../src/stage/rtp/port-pairs.ts';
import { Endpoint } from '../../../src/stage/scene/endpoint.ts';
import { waitFor } from '../../support/wait-for.ts';
import { aNack, aTmmbr } from '../../unit/stage/feedback.ts';
import { Camera } from './camera.ts';
import { colourClip } from './clip.ts';
import { coloursOf, withoutRepeats } from './decode.ts';
import { BROWSER_SSRC, Rig, TERMS, type TestEndpoint } from './rig.ts';

const asBrowser = { ssrc: BROWSER_SSRC, payloadType: 107 };
const NARROW_BPS = 256_000;

let rig: Rig;

beforeEach(async () => {
  rig = await Rig.start();
});
afterEach(() => rig.close());

const shows = (endpoint: TestEndpoint, id: string | null) =>
  waitFor(`${endpoint.id} to see ${id}`, async () => (await rig.showing(endpoint.id)) === id);

/** Time from the first packet of the largest picture to its last. */
function largestTookMs({ received, receivedMs }: Camera): number {
  const byPicture = Map.groupBy(received.keys(), index => received[index]?.timestamp);
  const [largest = []] = [...byPicture.values()].sort((a, b) => b.length - a.length);
  return (receivedMs[largest.at(-1) ?? 0] ?? 0) - (receivedMs[largest[0] ?? 0] ?? 0);
}

describe('a packet that the endpoint lost', () => {
  const timesOf = (camera: Camera, seq: number) =>
    camera.received.filter(packet => packet.seq === seq).length;

  test('comes again when it asks for it by NACK', async () => {
    const a = await rig.addEndpoint('a', { feedback: { nack: true, tmmbr: false } });
    const browser = await rig.addBrowser('b');
    browser.play(colourClip('green'), asBrowser);
    await shows(a, 'b');
    const from = a.phone.received.length;
    await waitFor('packets', () => a.phone.received.length > from + 20);
    const lost = a.phone.received.at(-3);
    const seq = lost?.seq ?? 0;
    a.phone.sendRtcp(aNack(lost?.ssrc ?? 0, [seq, 0b10]));
    await waitFor('both again', () =>
      [seq, (seq + 2) & 0xffff].every(each => timesOf(a.phone, each) === 2),
    );
    const [first, second] = a.phone.received.filter(packet => packet.seq === seq);
    expect(second).toEqual(first);
    expect(timesOf(a.phone, (seq + 1) & 0xffff)).toBe(1);
  });

  test('does not when that was not negotiated', async () => {
    const a = await rig.addEndpoint('a');
    await waitFor('the slate', () => a.phone.received.length > 3);
    const { ssrc, seq } = a.phone.received.at(-1) ?? expect.fail('nothing came');
    a.phone.sendRtcp(aNack(ssrc, [seq, 0]));
    const from = a.phone.received.length;
    await waitFor('more of the slate', () => a.phone.received.length > from + 5);
    expect(timesOf(a.phone, seq)).toBe(1);
  });
});

describe('a limit that the endpoint asks for by TMMBR', () => {
  test('is confirmed, and holds within a second', async () => {
    const ports = new PortPairs({ host: '127.0.0.1', portMin: 47_000, portMax: 47_099 });
    const terms = { ...TERMS, codec: 'h264' as const, feedback: { nack: true, tmmbr: true } };
    const endpoint = await Endpoint.open(
      { id: 'a', name: 'a', terms, onKeyframeNeeded: () => undefined, onShowing: () => undefined },
      ports,
    );
    const phone = await Camera.open(ports);
    try {
      endpoint.connect({ endpoint: phone.address });
      phone.sendTo({ host: '127.0.0.1', ...endpoint.ports.endpoint });
      expect(endpoint.rate).toEqual({ maxBitrateBps: 2_000_000, reason: 'negotiated' });
      endpoint.picture.showSlate({ fps: 5, pictures: [[Buffer.alloc(9, 0x65)]] }, 0);
      await waitFor('the slate', () => phone.received.length > 0);
      const ssrc = phone.received[0]?.ssrc ?? 0;
      const askedMs = performance.now();
      phone.sendRtcp(aTmmbr([ssrc, NARROW_BPS, 40]));
      await waitFor('the cap', () => endpoint.rate.reason === 'requested');
      process.stdout.write(`the cap held after ${Math.round(performance.now() - askedMs)} ms\n`);
      expect(endpoint.rate.maxBitrateBps).toBeLessThanOrEqual(NARROW_BPS);
      await waitFor('a TMMBN', () => phone.rtcpReceived.some(data => tmmbnOf(data) !== undefined));
      const confirmed = phone.rtcpReceived.map(tmmbnOf).find(entry => entry !== undefined);
      expect(confirmed).toEqual({ ownerSsrc: 0xee, bitrateBps: NARROW_BPS });
    } finally {
      phone.close();
      endpoint.close();
    }
  });

  test('makes pictures come slower', async () => {
    const terms = { feedback: { nack: false, tmmbr: true } };
    const a = await rig.addEndpoint('a', terms);
    await shows(a, null);
    await waitFor('the slate', () => a.phone.received.length > 0);
    const { ssrc } = await waitFor('its packets', () => a.phone.received[0]);
    a.phone.sendRtcp(aTmmbr([ssrc, 160_000, 0]));
    await waitFor('the TMMBN', () => a.phone.rtcpReceived.some(data => tmmbnOf(data)));
    a.phone.forget();
    const browser = await rig.addBrowser('b');
    browser.play(bigKeyframes(), asBrowser);
    await shows(a, 'b');
    await waitFor('pictures', () => a.phone.received.length > 60);
    expect(largestTookMs(a.phone)).toBeGreaterThan(600); // 30 kB at 160 kbit/s and its headroom
  });
});

describe('a large picture to a line of 256 kbit/s', () => {
  test('is no burst, and decodes', async () => {
    const limits = { ...TERMS.limits, maxBitrateBps: NARROW_BPS };
    const a = await rig.addEndpoint('a', { limits });
    const wide = await rig.addEndpoint('wide');
    const browser = await rig.addBrowser('b');
    browser.play(bigKeyframes(), asBrowser);
    await rig.speakers('b');
    await shows(a, 'b');
    await shows(wide, 'b');
    await waitFor('the picture, and some after it', () => a.phone.received.length > 90);
    const [narrowMs, wideMs] = [a, wide].map(({ phone }) => Math.round(largestTookMs(phone)));
    process.stdout.write(`the key frame took ${narrowMs} ms, ${wideMs} ms on a wide line\n`);
    expect(narrowMs).toBeGreaterThan(400); // 30 kB at 256 kbit/s and its headroom
    const { received } = a.phone;
    for (const [index, { seq }] of received.entries())
      if (index > 0) expect(seqDiff(seq, received[index - 1]?.seq ?? 0)).toBe(1);
    browser.stop();
    const whole = received.slice(0, received.findLastIndex(({ marker }) => marker) + 1);
    const { colours, complaints } = await coloursOf(whole);
    expect(withoutRepeats(colours).at(-1)).toBe('green');
    expect(complaints).toEqual([]);
  });
});

const bigKeyframes = () => colourClip('green', { largeKeyframe: true });

/** Owner and bit rate of the TMMBN in a compound packet; RFC 5104 §4.2.2. */
function tmmbnOf(data: Buffer): { ownerSsrc: number; bitrateBps: number } | undefined {
  for (let at = 0; at + 4 <= data.length; at += 4 + data.readUInt16BE(at + 2) * 4) {
    if (data[at + 1] !== 205 || ((data[at] ?? 0) & 0x1f) !== 4) continue;
    const word = data.readUInt32BE(at + 16);
    const bitrateBps = ((word >>> 9) & 0x1ffff) * 2 ** (word >>> 26);
    return { ownerSsrc: data.readUInt32BE(at + 12), bitrateBps };
  }
  return undefined;
}
