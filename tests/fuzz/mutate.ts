/** Damages texts the same way in every run. */

export type Random = () => number;

/** mulberry32: numbers in [0, 1) from a 32-bit seed. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** Pieces that have tripped parsers before. */
const NASTY = [
  '\0',
  '\r',
  '\n',
  '\r\n',
  ' ',
  '  ',
  '\t',
  ';',
  '=',
  ':',
  '/',
  '*',
  '{',
  '}',
  '"',
  '-1',
  '0',
  '65536',
  '99999999999999999999',
  '1e9',
  'NaN',
  '__proto__',
  'constructor',
  '\u2028',
  '\ud800',
  'é',
  '🎥',
  '\r\nm=',
  '\r\nm=video 9 RTP/AVP 97',
  '\r\na=inactive',
  '\r\nc=IN IP4 0.0.0.0',
  '\r\nb=AS:1',
  '\r\na=fmtp:97 1',
  '\r\na=rtpmap:0 0/0',
  '\r\na=rtcp:0',
  '\r\na=rtcp:x',
  '\r\na=content:5',
  '\r\na=content:slides',
  '\r\na=sendonly',
  '\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:T3duS2V5Rm9yVGhpc1Rlc3RGaXh0dXJlMDAwMDk5',
  '\r\na=crypto:',
  '\r\na=label:',
  ' RTP/SAVP ',
  '|2^48|1:4',
];

type Mutation = (text: string, random: Random) => string;

const at = (text: string, random: Random) => Math.floor(random() * (text.length + 1));

const onLines =
  (change: (lines: string[], random: Random) => string[]): Mutation =>
  (text, random) =>
    change(text.split('\n'), random).join('\n');

/** What patterns with two ways to match stumble over, given enough of it. */
const RUNS = [' ', '\t', 'a', '1', ';', '=', ':', '|', '@', '/', 'sip:', ' a', '\n ', '\u2028'];
const LONG_RUN = 40_000;
const SHORT_RUN = 200;
const LONG_RUN_SHARE = 0.01;

const MUTATIONS: readonly Mutation[] = [
  (text, random) => {
    const from = at(text, random);
    const most = random() < LONG_RUN_SHARE ? LONG_RUN : SHORT_RUN;
    return text.slice(0, from) + pick(random, RUNS).repeat(random() * most) + text.slice(from);
  },
  (text, random) => {
    const from = at(text, random);
    return text.slice(0, from) + text.slice(from + Math.ceil(random() * 12));
  },
  (text, random) => {
    const from = at(text, random);
    return text.slice(0, from) + pick(random, NASTY) + text.slice(from);
  },
  (text, random) => {
    const from = at(text, random);
    return text.slice(0, from) + String.fromCharCode(random() * 256) + text.slice(from + 1);
  },
  (text, random) => text.replace(/\d+/, () => pick(random, NASTY)),
  (text, random) => text.slice(0, at(text, random)),
  onLines((lines, random) => lines.toSpliced(Math.floor(random() * lines.length), 1)),
  onLines((lines, random) =>
    lines.toSpliced(at(lines.join(''), random) % 40, 0, pick(random, lines)),
  ),
  onLines((lines, random) => {
    const index = Math.floor(random() * lines.length);
    return lines.with(index, (lines[index] ?? '').replace(/[\w.]+$/, pick(random, NASTY)));
  }),
];

/** One to four changes, each at a random place. */
export function mutate(text: string, random: Random): string {
  let mutated = text;
  for (let left = Math.ceil(random() * 4); left > 0; left--)
    mutated = pick(random, MUTATIONS)(mutated, random);
  return mutated;
}
