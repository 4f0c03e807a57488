/** What must hold of the SDP library, whatever comes in. */
import { isIP } from 'node:net';
import {
  accept,
  answer,
  compare,
  type MediaPlan,
  needsKeyframeAsked,
  needsKeyframeSent,
  offer,
  type PlanResult,
  plan,
  readRelaySdp,
  redactSdp,
  relayAnswer,
  relayOffer,
} from '../../src/sdp/index.ts';
import { tidySdp } from '../../src/sdp/tidy.ts';
import { ourOffer, planned, SECURE_ADDRESSES } from '../unit/sdp/build.ts';
import { CAPABILITIES, readOffer } from '../unit/sdp/corpus.ts';

const BEST_EFFORT = { ...CAPABILITIES, srtp: 'best-effort' } as const;
const OUR_OFFER = ourOffer(BEST_EFFORT);
const USUAL = planned(readOffer('cisco-sx10-besteffort-srtp'), BEST_EFFORT);

/** The first rule that a text from a peer breaks, as its offer, its answer, or in a log. */
export function brokenRule(text: string): string | undefined {
  const asOffer = plan(text, BEST_EFFORT);
  const asAnswer = accept(OUR_OFFER, text);
  readRelaySdp(text);
  return (
    brokenRefusal(asOffer) ??
    brokenRefusal(asAnswer) ??
    (asOffer.ok ? brokenOfferRule(text, asOffer.plan) : undefined) ??
    (asAnswer.ok ? brokenAnswerRule(asAnswer.plan) : undefined) ??
    brokenLogRule(text)
  );
}

function brokenRefusal(result: PlanResult): string | undefined {
  if (result.ok || /^[\x20-\x7e]{1,300}$/.test(result.reason)) return undefined;
  return 'reason unfit for a header';
}

/** kind and proto of every m-line. */
function shape(lines: readonly string[]): string {
  return lines.map(line => line.replace(/^m=(\S+) \S+ (\S+).*$/, '$1 $2')).join();
}

function mediaLines(sdp: string): string[] {
  return sdp.split('\r\n').filter(line => line.startsWith('m='));
}

/** The answer to an offer; RFC 3264 §6. */
function brokenOfferRule(text: string, media: MediaPlan): string | undefined {
  const answered = answer(media, SECURE_ADDRESSES);
  const [offeredLines, answeredLines] = [mediaLines(tidySdp(text)), mediaLines(answered)];
  const taken = streamsOf(media);
  if (shape(answeredLines) !== shape(offeredLines)) return 'm-lines not mirrored';
  if (!answeredLines.every((line, index) => hasOnlyOf(line, offeredLines[index] ?? '')))
    return 'a payload type that was not offered';
  if (answeredLines.filter(line => /^m=\S+ [1-9]/.test(line)).length > taken.length)
    return 'a line open that was not planned';
  if (!/^(?:[a-z]=[^\r\n]+\r\n)+$/.test(answered)) return 'not regular SDP';
  return brokenStreams(media) ?? brokenRelay(media, relayOffer(media)) ?? brokenReoffer(media);
}

function hasOnlyOf(answered: string, offered: string): boolean {
  const formats = formatsOf(offered);
  return formats.length === 0 || formatsOf(answered).every(one => formats.includes(one));
}

/** `096` is 96. */
function formatsOf(line: string): (string | number)[] {
  return line
    .split(' ')
    .slice(3)
    .map(text => (/^\d+$/.test(text) ? Number(text) : text));
}

function streamsOf({ audio, video }: MediaPlan) {
  return [audio, video].filter(stream => stream !== undefined);
}

function brokenStreams(media: MediaPlan): string | undefined {
  const taken = streamsOf(media);
  if (taken.some(stream => !media.offer.media[stream.mLineIndex]?.port)) return 'closed line taken';
  if (taken.some(({ remote }) => !isIP(remote.host))) return 'no address';
  if (taken.some(({ remote }) => !isPort(remote.rtpPort) || !isPort(remote.rtcpPort)))
    return 'port';
  if (taken.some(stream => !(stream.payloadType >= 0 && stream.payloadType <= 127)))
    return 'payload type';
  if (media.video && !(media.video.maxBitrateBps > 0 && media.video.maxFs > 0)) return 'limits';
  return undefined;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port <= 65_535;
}

/** The relay must find in our SDP just what was planned. */
function brokenRelay(media: MediaPlan, sdp: string): string | undefined {
  const read = readRelaySdp(sdp);
  for (const kind of ['audio', 'video'] as const) {
    const { remote, payloadType, crypto } = media[kind] ?? {};
    const { crypto: keys = [], ...found } = read?.[kind] ?? {};
    if (JSON.stringify(found) !== JSON.stringify(remote ? { ...remote, payloadType } : {}))
      return `relay reads other ${kind}`;
    if (crypto ? keys.length !== 1 || !keys[0]?.key.equals(crypto.key) : keys.length > 0)
      return `relay reads another key for ${kind}`;
  }
  return undefined;
}

/** Our own offer within the session; RFC 3264 §8. */
function brokenReoffer(after: MediaPlan): string | undefined {
  const text = offer(BEST_EFFORT, SECURE_ADDRESSES, { after });
  const places = after.offer.media.map(({ kind, proto }) => `${kind} ${proto}`);
  const lines = mediaLines(text);
  if (shape(lines.slice(0, places.length)) !== places.join()) return 're-offer moved lines';
  const isDouble = lines
    .filter(line => /^m=\S+ [1-9]/.test(line))
    .map(line => line.split(' ').slice(3))
    .some(formats => new Set(formats).size !== formats.length);
  if (isDouble) return 're-offer gives a number two meanings';
  return plan(text, BEST_EFFORT).ok ? undefined : 're-offer cannot be read';
}

/** An answer to our offer, and what it changed of another session. */
function brokenAnswerRule(media: MediaPlan): string | undefined {
  const changes = compare(USUAL, media);
  needsKeyframeAsked(changes);
  needsKeyframeSent(changes);
  if (compare(media, media).length > 0) return 'differs from itself';
  if (changes.length > 0 !== compare(media, USUAL).length > 0) return 'differs one way only';
  if (media.offer.media.map(({ kind }) => kind).join() !== 'audio,video')
    return 'answer not put beside our lines';
  return brokenStreams(media) ?? brokenRelay(media, relayAnswer(media, ['audio', 'video']));
}

/** Long enough to be a piece of a key; numbers are none. */
const KEY_LIKE = /[A-Za-z0-9+/]{20,}/g;

function brokenLogRule(text: string): string | undefined {
  const redacted = redactSdp(text);
  const key = redacted.match(KEY_LIKE)?.find(run => /\D/.test(run));
  if (key) return `a key in a log: ${key}`;
  return /inline:(?!\[redacted\])[^\s|;[]/i.test(redacted) ? 'a key in a log' : undefined;
}
