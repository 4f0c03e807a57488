/** Damaged SIP: `node tests/fuzz/sip.ts --runs 1000000 --seed 7`. */
import { TORTURE } from '../fixtures/sip/torture.ts';
import { readArguments, runSubject } from './command-line.ts';
import { mutate, pick, type Random } from './mutate.ts';
import type { FuzzSubject } from './runner.ts';
import { brokenSipRule } from './sip-rules.ts';
import { IN_CALL } from './sip-texts.ts';

const TEXTS = [...TORTURE.map(({ data }) => data.toString('latin1')), ...IN_CALL, ...IN_CALL];

/** Pieces that mean something to SIP, beside those that mean something to every parser. */
const WORDS = [
  '\r\n ',
  '\r\n\r\n',
  ',',
  '<',
  '>',
  '"',
  '\\',
  '[::1]',
  'sip:',
  'sips:',
  'tel:',
  ';tag=',
  ';tag=device',
  ';branch=z9hG4bK',
  ';rport',
  ';received=::1',
  ';transport=tls',
  ';maddr=0',
  '\r\nRoute: <sip:x;lr>',
  '\r\nRecord-Route: <sip:x;lr>, <',
  '\r\nRequire: 100rel',
  '\r\nRSeq: 4294967296',
  '\r\nRAck: 1 1 INVITE',
  '\r\nSession-Expires: 1;refresher=uas',
  '\r\nl: 99999999999',
  '\r\nContent-Length: 3',
  '\r\nVia: SIP/2.0/UDP h:0',
  '\r\nm: *',
  '\r\nCSeq: 2147483647 BYE',
] as const;

function withWord(text: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1));
  return text.slice(0, at) + pick(random, WORDS) + text.slice(at);
}

export const subject: FuzzSubject = {
  name: 'sip',
  next: random => {
    const text = pick(random, TEXTS);
    return mutate(random() < 0.5 ? withWord(text, random) : text, random);
  },
  check: brokenSipRule,
};

if (import.meta.main) runSubject(subject, readArguments(process.argv.slice(2)));
