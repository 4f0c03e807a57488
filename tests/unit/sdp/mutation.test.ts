import { isIP } from 'node:net';
import { expect, it } from 'vitest';
import { answer, type MediaPlan, plan, readRelaySdp, relayOffer } from '../../../src/sdp/index.ts';
import { tidySdp } from '../../../src/sdp/tidy.ts';
import { ADDRESSES, CAPABILITIES, fixtureNames, readOffer } from './corpus.ts';
import { mutate, pick, seeded } from './mutate.ts';

const SEED = 20_251_107;
const ROUNDS = 20_000;
/** Generous: the machine may be busy with everybody else's tests. */
const MAX_RUN_MS = 120_000;

/** kind and proto of every m-line. */
function shape(sdp: string): string[] {
  return sdp
    .split('\r\n')
    .filter(line => line.startsWith('m='))
    .map(line => line.replace(/^m=(\S+) \S+ (\S+).*$/, '$1 $2'));
}

function openLines(sdp: string): number {
  return sdp.split('\r\n').filter(line => /^m=\S+ [1-9]/.test(line)).length;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port <= 65_535;
}

/** What must hold of every answer, whatever was offered; RFC 3264 §6. */
function brokenRule(offerSdp: string, media: MediaPlan): string | undefined {
  const text = answer(media, ADDRESSES);
  const taken = [media.audio, media.video].filter(part => part !== undefined);
  if (shape(text).join() !== shape(tidySdp(offerSdp)).join()) return 'm-lines not mirrored';
  if (openLines(text) !== taken.length) return 'open lines are not what was planned';
  if (!/^(?:[a-z]=[^\r\n]+\r\n)+$/.test(text)) return 'not regular SDP';
  if (taken.some(part => !media.offer.media[part.mLineIndex]?.port)) return 'closed line taken';
  if (taken.some(({ remote }) => !isIP(remote.host))) return 'no address';
  if (taken.some(({ remote }) => !isPort(remote.rtpPort) || !isPort(remote.rtcpPort)))
    return 'port';
  if (taken.some(part => !(part.payloadType >= 0 && part.payloadType <= 127)))
    return 'payload type';
  return brokenRelayRule(media);
}

/** The relay must find in our SDP just what was planned. */
function brokenRelayRule(media: MediaPlan): string | undefined {
  const read = readRelaySdp(relayOffer(media));
  for (const kind of ['audio', 'video'] as const) {
    const wanted = media[kind] && { ...media[kind].remote, payloadType: media[kind].payloadType };
    if (JSON.stringify(read?.[kind]) !== JSON.stringify(wanted)) return `relay reads other ${kind}`;
  }
  return undefined;
}

it(`holds the rules of an answer for ${ROUNDS} damaged offers`, { timeout: MAX_RUN_MS }, () => {
  const random = seeded(SEED);
  const offers = fixtureNames().map(readOffer);
  const seen = { planned: 0, 'sdp-invalid': 0, 'no-common-codec': 0, 'no-common-crypto': 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const damaged = mutate(pick(random, offers), random);
    const result = plan(damaged, CAPABILITIES);
    seen[result.ok ? 'planned' : result.code]++;
    const broken = result.ok ? brokenRule(damaged, result.plan) : undefined;
    if (broken) expect.fail(`${broken}: ${JSON.stringify(damaged)}`);
    if (!result.ok && !/^[\x20-\x7e]{1,300}$/.test(result.reason))
      expect.fail(`reason unfit for a header: ${JSON.stringify(damaged)}`);
    readRelaySdp(damaged);
  }
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(ROUNDS / 1000);
});

it('survives text that is no SDP at all', () => {
  const random = seeded(SEED + 1);
  for (let round = 0; round < 2000; round++) {
    const noise = Array.from({ length: random() * 300 }, () =>
      String.fromCharCode(random() * (round % 2 ? 128 : 65_536)),
    ).join('');
    expect(plan(noise, CAPABILITIES)).toMatchObject({ code: 'sdp-invalid' });
    readRelaySdp(noise);
  }
});

it.each<[situation: string, sdp: string]>([
  ['a body beyond all measure', `v=0\nm=audio 9 RTP/AVP 0\n${'a=x\n'.repeat(100_000)}`],
  ['too many m-lines', `v=0\nc=IN IP4 192.0.2.2\n${'m=audio 9 RTP/AVP 0\n'.repeat(33)}`],
])('refuses %s', (_situation, sdp) => {
  expect(plan(sdp, CAPABILITIES)).toMatchObject({ code: 'sdp-invalid' });
});

it.each<[situation: string, filler: string]>([
  ['wrapped pieces', 'x\n'.repeat(31_000)],
  ['payload types', ` ${'8 '.repeat(31_000)}`],
  ['spaces', ' '.repeat(62_000)],
  ['semicolons', `\na=fmtp:8 ${';='.repeat(30_000)}`],
  ['one attribute', `\na=candidate:${'1 '.repeat(31_000)}`],
  ['formats of feedback', '\na=rtcp-fb:* nack pli'.repeat(2900)],
])('reads on past %s by the thousand', (_situation, filler) => {
  const sdp = `v=0\nc=IN IP4 192.0.2.2\nm=audio 4000 RTP/AVP 8 ${filler}`;
  expect(plan(sdp, CAPABILITIES)).toMatchObject({ ok: true, plan: { audio: { codec: 'pcma' } } });
});
