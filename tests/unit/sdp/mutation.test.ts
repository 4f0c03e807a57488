import { describe, expect, it } from 'vitest';
import { accept, plan, readRelaySdp, redactSdp } from '../../../src/sdp/index.ts';
import { mutate, pick, seeded } from '../../fuzz/mutate.ts';
import { fuzz } from '../../fuzz/runner.ts';
import { subject } from '../../fuzz/sdp.ts';
import { ourOffer } from './build.ts';
import { CAPABILITIES, fixtureNames, readOffer } from './corpus.ts';

const SEED = 20_251_107;
const RUNS = 4000;
/** Generous: the machine may be busy with everybody else's tests. */
const MAX_RUN_MS = 120_000;

it(`holds the rules of offers, answers and logs for ${RUNS} damaged texts`, {
  timeout: MAX_RUN_MS,
}, () => {
  const { failure } = fuzz(subject, { runs: RUNS, seed: SEED });
  if (failure) expect.fail(`${failure.rule}: ${JSON.stringify(failure.input)}`);
});

it('damages enough to be refused, and not so much that all is', () => {
  const random = seeded(SEED);
  const offers = fixtureNames().map(readOffer);
  const seen: Record<string, number> = {};
  for (let round = 0; round < RUNS; round++) {
    const result = plan(mutate(pick(random, offers), random), CAPABILITIES);
    const outcome = result.ok ? 'planned' : result.code;
    seen[outcome] = (seen[outcome] ?? 0) + 1;
  }
  const outcomes = ['planned', 'sdp-invalid', 'no-common-codec', 'no-common-crypto'];
  const least = Math.min(...outcomes.map(outcome => seen[outcome] ?? 0));
  expect(least, JSON.stringify(seen)).toBeGreaterThan(RUNS / 100);
});

it('survives text that is no SDP at all', () => {
  const random = seeded(SEED + 1);
  const offer = ourOffer();
  for (let round = 0; round < 2000; round++) {
    const noise = Array.from({ length: random() * 300 }, () =>
      String.fromCharCode(random() * (round % 2 ? 128 : 65_536)),
    ).join('');
    expect(plan(noise, CAPABILITIES)).toMatchObject({ code: 'sdp-invalid' });
    expect(accept(offer, noise)).toMatchObject({ code: 'sdp-invalid' });
    readRelaySdp(noise);
    redactSdp(noise);
  }
});

it.each<[situation: string, sdp: string]>([
  ['a body beyond all measure', `v=0\nm=audio 9 RTP/AVP 0\n${'a=x\n'.repeat(100_000)}`],
  ['too many m-lines', `v=0\nc=IN IP4 192.0.2.2\n${'m=audio 9 RTP/AVP 0\n'.repeat(33)}`],
])('refuses %s', (_situation, sdp) => {
  expect(plan(sdp, CAPABILITIES)).toMatchObject({ code: 'sdp-invalid' });
});

describe('reads on past thousands of', () => {
  it.each<[situation: string, filler: string]>([
    ['wrapped pieces', 'x\n'.repeat(31_000)],
    ['payload types', ` ${'8 '.repeat(31_000)}`],
    ['spaces', ' '.repeat(62_000)],
    ['semicolons', `\na=fmtp:8 ${';='.repeat(30_000)}`],
    ['one attribute', `\na=candidate:${'1 '.repeat(31_000)}`],
    ['formats of feedback', '\na=rtcp-fb:* nack pli'.repeat(2900)],
    ['kinds of feedback', `\na=rtcp-fb:* ccm${' fir'.repeat(15_000)}`],
    ['keys', `\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${'a'.repeat(60_000)}`],
    ['key parameters', `\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:aa${'|2^1'.repeat(15_000)}`],
    ['at signs', `\na=x:${'a@'.repeat(30_000)}`],
    ['slashes', `\na=x:${'/'.repeat(60_000)}`],
    ['spaces and a line separator', `\na=${' '.repeat(60_000)}x\u2028y`],
    ['spaces in an attribute', `\na=foo${' '.repeat(60_000)}bar`],
    ['URIs', `\na=x:${'sip:'.repeat(15_000)}`],
  ])('%s', (_situation, filler) => {
    const sdp = `v=0\nc=IN IP4 192.0.2.2\nm=audio 4000 RTP/AVP 8 ${filler}`;
    expect(plan(sdp, CAPABILITIES)).toMatchObject({ ok: true, plan: { audio: { codec: 'pcma' } } });
    expect(accept(ourOffer(), sdp)).toMatchObject({ ok: true });
    expect(redactSdp(sdp)).toContain('v=0\n');
  });
});
