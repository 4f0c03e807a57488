import type { Logger } from 'pino';
import type { LiveConferences } from '../conferences/live-conferences.ts';
import type { ConferenceStore } from '../conferences/ports.ts';
import type { EndReason } from '../domain/call.ts';
import type { Conference } from '../domain/conference.ts';
import { type CallId, newCallId } from '../domain/ids.ts';
import type { SrtpPolicy } from '../sdp/index.ts';
import type { SiteStore } from '../sites/ports.ts';
import { abortable } from '../util/abort.ts';
import { Cleanup } from '../util/cleanup.ts';
import { type Admission, admit } from './admit.ts';
import { Attendance } from './attendance.ts';
import { type CallList, offeredCall } from './call-list.ts';
import type { CallLog, OpenRecord } from './call-log.ts';
import type { CallTally } from './call-tally.ts';
import { ConnectedCall, type ConnectedCallDeps } from './connected-call.ts';
import { findTyped } from './dial-plan.ts';
import { EndpointMedia } from './endpoint-media.ts';
import { type MediaTerms, type OfferForm, planOffer, termsOf } from './media-terms.ts';
import type { Prompts } from './menu/prompts.ts';
import { StageLobby } from './menu/stage-lobby.ts';
import { VoiceMenu } from './menu/voice-menu.ts';
import type { IncomingLeg } from './ports.ts';
import { asSetUpError } from './set-up-error.ts';

export interface InboundCallDeps extends ConnectedCallDeps {
  readonly sites: SiteStore;
  readonly conferenceStore: ConferenceStore;
  readonly conferences: LiveConferences;
  readonly calls: CallList;
  readonly callLog: CallLog;
  readonly tally: CallTally;
  readonly mediaTerms: Omit<MediaTerms, 'userAgent'>;
  /** What the voice menu says. */
  readonly prompts: Prompts;
  /** Told of each wrong PIN. @param sipUsername of who typed it */
  readonly onWrongPin: (sipUsername: string) => void;
  /** From INVITE to the answer, and from the menu into the conference, at most. */
  readonly setUpTimeoutMs: number;
  readonly log: Logger;
}

/** What the signalling knows of a call before anybody decides on it. */
export interface IncomingCall {
  readonly leg: IncomingLeg;
  /** Already proved, by registration, digest or address. */
  readonly sipUsername: string;
  /** Empty for the bare host. */
  readonly dialled: string;
  readonly sipCallId: string;
}

/** One inbound call from its INVITE to its last release, read top to bottom. Never rejects. */
export async function runInboundCall(deps: InboundCallDeps, incoming: IncomingCall): Promise<void> {
  const { leg } = incoming;
  const callId = newCallId();
  const log = deps.log.child({ callId, sipCallId: incoming.sipCallId, direction: 'in' });
  const startedAtMs = deps.clock.now();
  const record = openRecord(deps.callLog, incoming, callId, startedAtMs);
  const cleanup = new Cleanup();
  let reason: EndReason = 'internal';
  try {
    const setUp = AbortSignal.any([leg.cancelled, AbortSignal.timeout(deps.setUpTimeoutMs)]);
    const admission = await admit(deps, incoming);
    const { site } = admission;
    record.learned({ siteId: site.id });
    const terms = { ...termsOf(deps.mediaTerms, admission), userAgent: leg.userAgent };
    const media = leg.offerSdp === undefined ? undefined : planOffer(leg.offerSdp, terms);

    const offered = { callId, direction: 'in', startedAtMs } as const;
    const entry = deps.calls.add(offeredCall(offered, admission, leg));
    cleanup.add('call list', () => entry.remove());
    const attendance = new Attendance({ ...deps, entry, record, site });
    cleanup.add('seat', () => attendance.leave());
    const expected = expectedConference(admission);
    const lobby = new StageLobby(deps.stage, callId, site.name, log);
    if (!expected) cleanup.add('lobby', () => lobby.close());
    const place = expected ? await attendance.enter(expected, setUp) : lobby.place;
    entry.advance('admit');

    const endpointMedia = new EndpointMedia(deps, { callId, place, terms, cleanup, log });
    const hangUp = () => cleanup.add('signalling', () => leg.hangup(reason));
    if (media) {
      const answerSdp = await endpointMedia.open(media, setUp);
      setUp.throwIfAborted();
      await leg.accept(answerSdp);
      hangUp();
    } else {
      const offerSdp = await endpointMedia.openForOwnOffer(lateOfferForm(terms.srtp), setUp);
      setUp.throwIfAborted();
      hangUp();
      const answerSdp = await abortable(leg.offer(offerSdp), setUp);
      await endpointMedia.accept(offerSdp, answerSdp, setUp);
    }
    entry.advance('answer');
    const inviteToAnswerMs = deps.clock.now() - startedAtMs;
    record.answered(inviteToAnswerMs);

    const connected = new ConnectedCall(deps, {
      callId,
      leg,
      entry,
      record,
      media: endpointMedia,
      attendance,
      cleanup,
      inviteToAnswerMs,
      log,
    });
    if (!expected) {
      log.info({ inviteToAnswerMs }, 'call in the menu');
      const chosen = await askWhereTo(deps, { admission, lobby, connected });
      if (typeof chosen === 'string') {
        reason = chosen;
        return;
      }
      await connected.moveTo(chosen);
      await lobby.close();
    }
    reason = await connected.stay();
  } catch (thrown) {
    reason = leg.cancelled.aborted ? 'cancelled' : refuse(leg, thrown, log);
  } finally {
    for (const err of await cleanup.close()) log.warn({ err }, 'cleanup failed');
    const endedAtMs = deps.clock.now();
    const durationMs = endedAtMs - startedAtMs;
    record.close(reason, endedAtMs);
    deps.tally.ended(reason, { direction: 'in', protocol: 'sip' });
    log.info({ endReason: reason, durationMs }, 'call ended');
  }
}

function openRecord(
  callLog: CallLog,
  { leg, sipUsername, dialled, sipCallId }: IncomingCall,
  callId: CallId,
  startedAtMs: number,
): OpenRecord {
  const { remoteAddr, userAgent } = leg;
  const peer = { sipUsername, remoteAddr, userAgent };
  const call = { callId, direction: 'in' as const, sipCallId, dialled, ...peer, startedAtMs };
  return callLog.open(call, () => leg.messages);
}

/** Who sends no offer may be old: a key that it does not know is not put to it. */
function lateOfferForm(srtp: SrtpPolicy): OfferForm {
  return srtp === 'required' ? 'secure' : 'plain';
}

/** Where the caller goes without being asked anything. */
function expectedConference({ conference, asksPin }: Admission): Conference | undefined {
  return conference && !asksPin(conference) ? conference : undefined;
}

/** Runs the voice menu; gives the conference, or what ended the call meanwhile. */
function askWhereTo(
  deps: InboundCallDeps,
  call: {
    readonly admission: Admission;
    readonly lobby: StageLobby;
    readonly connected: Pick<ConnectedCall, 'keypad' | 'ending'>;
  },
): Promise<Conference | EndReason> {
  const over = new AbortController();
  const { admission, lobby, connected } = call;
  const { keypad, ending } = connected;
  const menu = new VoiceMenu({
    ...deps,
    lobby,
    keypad,
    findConference: number => findTyped(deps, number),
    onWrongPin: () => deps.onWrongPin(admission.endpoint.sipUsername),
  });
  const asked = menu.run(admission, over.signal);
  return Promise.race([asked, ending]).finally(() => over.abort(new Error('menu over')));
}

/** Refuses an unanswered leg; an answered one is ended by the cleanup. */
function refuse(leg: IncomingLeg, thrown: unknown, log: Logger): EndReason {
  const error = asSetUpError(thrown);
  const { code, outcome } = error;
  const fields = { code, blame: outcome.blame, ...error.details };
  if (outcome.blame === 'client') log.info({ ...fields, reason: error.message }, 'call refused');
  else log.error({ ...fields, err: error }, 'call refused');
  leg.reject(error);
  return code;
}
