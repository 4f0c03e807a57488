/** What must hold of the SIP agent, whatever comes off the network. */
import { pino } from 'pino';
import { parseMessage } from '../../src/sip-agent/message/parse.ts';
import { faultOf } from '../../src/sip-agent/message/sanity.ts';
import {
  MAX_BODY_BYTES,
  MAX_HEAD_BYTES,
  type StreamItem,
  StreamReader,
} from '../../src/sip-agent/transport/stream-reader.ts';
import { CoreBench, request } from '../unit/sip-agent/core-bench.ts';
import type { Place } from './sip-texts.ts';

const RELIABLE = ['Supported: 100rel, timer'];
const SDP = 'v=0\r\n';
/** 100, a failure, a CANCEL's 200 with the 487, or an ACK and a BYE. */
const MAX_SENT_PER_MESSAGE = 4;

const warnings: string[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });

/** The first rule that a datagram breaks in the middle of three calls, or as a stream. */
export function brokenSipRule(input: string): string | undefined {
  warnings.length = 0;
  const bench = new CoreBench({ log });
  try {
    const text = filledIn(input, callsUnderWay(bench));
    return brokenByDatagram(bench, Buffer.from(text, 'latin1')) ?? brokenStream(text);
  } finally {
    bench.close();
  }
}

/** One that was answered, one that rings, and one of ours; gives what our side chose in them. */
function callsUnderWay(bench: CoreBench): Record<Place, string> {
  bench.receive('INVITE', 'answered', { headers: RELIABLE, branch: 'fuzzA' });
  bench.answer('INVITE', 200, [], SDP);
  const inTag = bench.ourTag();
  bench.receive('INVITE', 'ringing', { headers: RELIABLE, branch: 'fuzzCANCEL' });
  bench.say(lastId(bench), 183, ['Require: 100rel'], SDP);
  const [ringTag, rseq] = [bench.ourTag(), bench.header('RSeq') ?? ''];
  bench.send('INVITE', '', RELIABLE, SDP);
  const [out = ''] = bench.sent('INVITE');
  return {
    'in-tag': inTag,
    'ring-tag': ringTag,
    'ring-rseq': rseq,
    'out-branch': /branch=(\S+)/.exec(out)?.[1] ?? '',
    'out-call': bench.header('Call-ID', out) ?? '',
    'out-tag': /From:.*;tag=(\S+)/.exec(out)?.[1] ?? '',
    'out-cseq': /^CSeq: (\d+)/m.exec(out)?.[1] ?? '',
  };
}

function filledIn(input: string, places: Record<Place, string>): string {
  return input.replaceAll(/\{([a-z-]+)\}/g, (whole, name) => places[name as Place] ?? whole);
}

function lastId(bench: CoreBench): string {
  return bench.socket.frames.findLast(frame => frame.includes('|sip|'))?.split('|')[8] ?? '';
}

function brokenByDatagram(bench: CoreBench, data: Buffer): string | undefined {
  const [sentBefore, framesBefore] = [bench.flow.sent.length, bench.socket.frames.length];
  bench.core.receive(data, bench.flow);
  if (bench.flow.sent.length - sentBefore > MAX_SENT_PER_MESSAGE) return 'many messages for one';
  answerAll(bench, framesBefore);
  const unhandled = warnings.find(line => line.includes('could not be handled'));
  if (unhandled) return `an error that somebody had to catch: ${unhandled}`;
  const frames = bench.socket.frames.slice(framesBefore);
  return firstBroken(frames, brokenFrame) ?? firstBroken(bench.flow.sent, brokenOnTheWire);
}

/** The application rings and answers what it got, and hangs up: what we keep of a message goes out again. */
function answerAll(bench: CoreBench, from: number): void {
  for (const frame of bench.socket.frames.slice(from)) {
    const [, type, , , , , , , id = ''] = frame.split('|');
    if (type !== 'sip' || / SIP\/2\.0\r\n/.exec(frame) === null) continue;
    bench.say(id, 180);
    bench.say(id, 200, ['Expires: 60'], SDP);
    const dialogId = /\|OK\|application\|(?:[^|]*\|){6}([^|]*)/.exec(
      bench.socket.frames.at(-1) ?? '',
    )?.[1];
    if (dialogId) bench.send('BYE', dialogId);
  }
}

function firstBroken(texts: readonly string[], rule: (text: string) => string | undefined) {
  return texts.map(rule).find(broken => broken !== undefined);
}

/** A stranger must not shift what an application reads from a frame's tokens. */
export function brokenFrame(frame: string): string | undefined {
  const tokens = frame.split('\r\n')[0]?.split('|') ?? [];
  const [, type, , verdict] = tokens;
  if (type === 'sip' && tokens.length !== 11 && tokens.length !== 13)
    return `a frame of ${tokens.length} tokens`;
  if (type === 'response' && verdict === 'OK' && tokens.length !== 15 && tokens.length !== 13)
    return `an OK of ${tokens.length} tokens`;
  return undefined;
}

/** All that we send is one whole message that we would take ourselves. */
export function brokenOnTheWire(text: string): string | undefined {
  const parsed = parseMessage(Buffer.from(text));
  if (!parsed.ok) return `sent what cannot be read (${parsed.reason}): ${text}`;
  const { message } = parsed;
  if (/\0|\r(?!\n)|(?<!\r)\n/.test(message.head.toString())) return `sent odd line ends: ${text}`;
  if (message.kind === 'response') return undefined;
  const fault = faultOf(message);
  return fault && `sent a request with a fault (${fault.text}): ${text}`;
}

/** However a stream is cut, the same messages come out, and none beyond measure. */
function brokenStream(text: string): string | undefined {
  const data = Buffer.concat([Buffer.from(text, 'latin1'), request('OPTIONS', 'next')]);
  const whole = new StreamReader().push(data);
  const middle = Math.floor(data.length / 2);
  const reader = new StreamReader();
  const inTwo = [...reader.push(data.subarray(0, middle)), ...reader.push(data.subarray(middle))];
  if (described(whole) !== described(inTwo)) return 'a stream that is cut gives other messages';
  const tooLong = whole.some(
    item => item.kind === 'message' && item.data.length > MAX_HEAD_BYTES + MAX_BODY_BYTES,
  );
  return tooLong ? 'a message beyond measure' : undefined;
}

/** Line ends between messages may be read as one keep-alive more or less. */
function described(items: readonly StreamItem[]): string {
  return items
    .filter(({ kind }) => kind !== 'ping')
    .map(item => (item.kind === 'message' ? item.data.toString('latin1') : item.kind))
    .join('\u0000');
}
