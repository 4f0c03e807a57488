import { expect, test } from 'vitest';
import { seeded } from '../../fuzz/mutate.ts';
import { fuzz } from '../../fuzz/runner.ts';
import { subject } from '../../fuzz/sip.ts';
import { brokenFrame, brokenOnTheWire } from '../../fuzz/sip-rules.ts';
import { CoreBench } from './core-bench.ts';

const SEED = 20_261_123;
const RUNS = 3_000;
/** Generous: the machine may be busy with everybody else's tests. */
const TIMEOUT_MS = 120_000;

test(`what we send and tell stays in order for ${RUNS} damaged messages`, {
  timeout: TIMEOUT_MS,
}, () => {
  const { failure } = fuzz(subject, { runs: RUNS, seed: SEED });
  if (failure) expect.fail(`${failure.rule}: ${JSON.stringify(failure.input)}`);
});

test('enough damaged messages are understood, and enough are not', () => {
  const random = seeded(SEED);
  let answered = 0;
  let refused = 0;
  for (let run = 0; run < 1_000; run++) {
    const bench = new CoreBench();
    bench.core.receive(Buffer.from(subject.next(random), 'latin1'), bench.flow);
    if (bench.socket.frames.some(frame => frame.includes('|sip|'))) answered += 1;
    if (bench.sent(400).length > 0) refused += 1;
    bench.close();
  }
  expect(Math.min(answered, refused)).toBeGreaterThan(50);
});

test.each([
  ['cannot be read', 'BYE sip:a@b\r\n\r\n', 'cannot be read'],
  ['has an odd line end', 'SIP/2.0 200 OK\r\nVia: a\nTo: b\r\n\r\n', 'odd line ends'],
  ['is a request with a fault', 'BYE sip:a SIP/2.0\r\nTo: <sip:b>\r\n\r\n', 'missing via'],
])('the rules find what we must not send: what %s', (_what, text, rule) => {
  expect(brokenOnTheWire(text)).toContain(rule);
});

test('the rules find a frame that a stranger has lengthened', () => {
  expect(brokenFrame('id|sip|network|1|udp|h|1|t|txn|call|id|\r\nBYE sip:a SIP/2.0')).toBe(
    'a frame of 12 tokens',
  );
});
