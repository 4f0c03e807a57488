import type { Logger } from 'pino';
import type { LiveConferences } from '../conferences/live-conferences.ts';
import type { EndReason } from '../domain/call.ts';
import type { Conference } from '../domain/conference.ts';
import { toGatewayError } from '../domain/errors.ts';
import { type CallId, newCallId } from '../domain/ids.ts';
import type { FoundEndpoint } from '../domain/site.ts';
import { reasonOf } from '../util/abort.ts';
import { Cleanup } from '../util/cleanup.ts';
import { Attendance } from './attendance.ts';
import { type CallList, offeredCall, peerOf } from './call-list.ts';
import type { CallLog, OpenRecord } from './call-log.ts';
import type { CallTally } from './call-tally.ts';
import { ConnectedCall, type ConnectedCallDeps } from './connected-call.ts';
import { EndpointMedia } from './endpoint-media.ts';
import { type MediaTerms, OFFER_FORMS, type OfferForm, termsOf } from './media-terms.ts';
import type { CallTarget, Dialler, OutgoingLeg } from './ports.ts';
import { Ringing, type RingTimes, Stopped } from './ringing.ts';
import { asSetUpError } from './set-up-error.ts';

export interface OutboundCallDeps extends ConnectedCallDeps, RingTimes {
  readonly dialler: Dialler;
  readonly conferences: LiveConferences;
  readonly calls: CallList;
  readonly callLog: CallLog;
  readonly tally: CallTally;
  readonly mediaTerms: Omit<MediaTerms, 'userAgent'>;
  readonly log: Logger;
}

/** What a call of ours is for. */
export interface OutgoingCall extends FoundEndpoint {
  readonly target: CallTarget;
  readonly conference: Conference;
  /** Cancels it before the answer, ends it afterwards; its reason is an `EndReason`. */
  readonly stop: AbortSignal;
  /** Told when it rings, and just before the others see it in the conference. */
  readonly onProgress: (state: 'ringing' | 'connected', callId: CallId) => void;
}

/** How a call of ours went. */
export interface OutboundEnd {
  readonly callId: CallId;
  readonly reason: EndReason;
  readonly wasAnswered: boolean;
}

/** One call of ours from its INVITE to its last release, read top to bottom. Never rejects. */
export async function runOutboundCall(
  deps: OutboundCallDeps,
  outgoing: OutgoingCall,
): Promise<OutboundEnd> {
  const { site, conference, target, stop, onProgress } = outgoing;
  const callId = newCallId();
  const log = deps.log.child({ callId, direction: 'out' });
  const startedAtMs = deps.clock.now();
  const leg = deps.dialler.legTo(target, conference);
  const record = openRecord(deps.callLog, { callId, leg, outgoing, startedAtMs });
  const cleanup = new Cleanup();
  let reason: EndReason = 'internal';
  let wasAnswered = false;
  try {
    const ofSite = termsOf(deps.mediaTerms, outgoing);
    const { srtp } = ofSite;
    const terms: MediaTerms = {
      ...ofSite,
      get userAgent() {
        return leg.userAgent; // known from its answer on
      },
    };
    const offered = { callId, direction: 'out', startedAtMs } as const;
    const entry = deps.calls.add(offeredCall(offered, outgoing, leg));
    cleanup.add('call list', () => entry.remove());
    const setUp = () => AbortSignal.any([stop, AbortSignal.timeout(deps.setUpTimeoutMs)]);
    const attendance = new Attendance({ ...deps, entry, record, site });
    cleanup.add('seat', () => attendance.leave());
    const place = await attendance.enterUnseen(conference, setUp());

    const media = new EndpointMedia(deps, { callId, place, terms, cleanup, log });
    cleanup.add('signalling', () => leg.hangup(reason));
    const ring = new Ringing(deps, {
      stop: [stop, entry.endRequested, attendance.over],
      onRinging: () => {
        entry.advance('admit');
        onProgress('ringing', callId);
      },
    });
    cleanup.add('ringing', () => ring.close());
    const { offerSdp, answerSdp } = await inviteIn(OFFER_FORMS[srtp], async form => {
      const offered = await media.openForOwnOffer(form, setUp());
      return { offerSdp: offered, answerSdp: await ring.invite(leg, offered) };
    });
    wasAnswered = true;
    if (entry.call.state === 'offered') entry.advance('admit'); // answered without ringing
    entry.advance('answer');
    entry.met(peerOf(leg));
    const inviteToAnswerMs = deps.clock.now() - startedAtMs;
    record.answered(inviteToAnswerMs);
    record.learned(factsOf(leg));
    await media.accept(offerSdp, answerSdp, setUp());

    const connected = new ConnectedCall(deps, {
      callId,
      leg,
      entry,
      record,
      media,
      attendance,
      cleanup,
      inviteToAnswerMs,
      log,
    });
    onProgress('connected', callId);
    attendance.appear();
    reason = await Promise.race([connected.stay(), reasonOf<EndReason>(stop)]);
  } catch (thrown) {
    reason = failed(thrown, { wasAnswered, log });
  } finally {
    for (const err of await cleanup.close()) log.warn({ err }, 'cleanup failed');
    const endedAtMs = deps.clock.now();
    record.learned(factsOf(leg));
    record.close(reason, endedAtMs);
    deps.tally.ended(reason, { direction: 'out', protocol: 'sip' });
    log.info({ endReason: reason, durationMs: endedAtMs - startedAtMs }, 'call ended');
  }
  return { callId, reason, wasAnswered };
}

/** Offers in one form after the other, as long as the device takes none for its form's sake. */
async function inviteIn<T>(
  forms: readonly OfferForm[],
  invite: (form: OfferForm) => Promise<T>,
): Promise<T> {
  const [form = 'plain', ...others] = forms;
  try {
    return await invite(form);
  } catch (thrown) {
    const isForm = toGatewayError(thrown).code === 'peer-incompatible';
    if (!isForm || others.length === 0) throw thrown;
    return inviteIn(others, invite);
  }
}

/** Why it failed; stopped by somebody before the answer, it was cancelled. */
function failed(
  thrown: unknown,
  { wasAnswered, log }: { readonly wasAnswered: boolean; readonly log: Logger },
): EndReason {
  if (thrown instanceof Stopped) return wasAnswered ? thrown.reason : 'cancelled';
  const error = asSetUpError(thrown);
  const { code, outcome } = error;
  const fields = { code, blame: outcome.blame, ...error.details };
  if (outcome.blame === 'server' || code === 'internal')
    log.error({ ...fields, err: error }, 'call failed');
  else log.info({ ...fields, reason: error.message }, 'call failed');
  return code;
}

function openRecord(
  callLog: CallLog,
  call: {
    readonly callId: CallId;
    readonly leg: OutgoingLeg;
    readonly outgoing: OutgoingCall;
    readonly startedAtMs: number;
  },
): OpenRecord {
  const { callId, leg, outgoing, startedAtMs } = call;
  const { endpoint, site, conference, target } = outgoing;
  const record = callLog.open(
    {
      callId,
      direction: 'out',
      ...factsOf(leg),
      dialled: target.uri,
      sipUsername: endpoint.sipUsername,
      startedAtMs,
    },
    () => leg.messages,
  );
  record.learned({ siteId: site.id, conferenceId: conference.id });
  return record;
}

function factsOf({ sipCallId, remoteAddr, userAgent }: OutgoingLeg) {
  return { sipCallId, remoteAddr, userAgent };
}
