import type { Logger } from 'pino';
import type { LiveConferences } from '../conferences/live-conferences.ts';
import type { ConferenceStore } from '../conferences/ports.ts';
import type { EndReason } from '../domain/call.ts';
import type { Conference } from '../domain/conference.ts';
import { GatewayError, toGatewayError } from '../domain/errors.ts';
import { type CallId, newCallId } from '../domain/ids.ts';
import type { SiteStore } from '../sites/ports.ts';
import { abortable, reasonOf } from '../util/abort.ts';
import { Cleanup } from '../util/cleanup.ts';
import { type Admission, admit } from './admit.ts';
import { Attendance } from './attendance.ts';
import type { CallEntry, CallList } from './call-list.ts';
import type { CallLog, OpenRecord } from './call-log.ts';
import type { CallTally } from './call-tally.ts';
import { findTyped } from './dial-plan.ts';
import { EndpointMedia, type EndpointMediaDeps } from './endpoint-media.ts';
import { type KeyAction, listenForCodes } from './key-codes.ts';
import { Keypad } from './keypad.ts';
import { type MediaTerms, planOffer, termsOf } from './media-terms.ts';
import type { Prompts } from './menu/prompts.ts';
import { StageLobby } from './menu/stage-lobby.ts';
import { VoiceMenu } from './menu/voice-menu.ts';
import type { Clock, SignalingLeg, Silence } from './ports.ts';
import { RelayOutages } from './relay-outages.ts';
import { Reoffers } from './reoffers.ts';
import { waitForSilence } from './silence.ts';
import { StreamWatch } from './stream-watch.ts';

export interface InboundCallDeps extends EndpointMediaDeps {
  readonly sites: SiteStore;
  readonly conferenceStore: ConferenceStore;
  readonly conferences: LiveConferences;
  readonly calls: CallList;
  readonly callLog: CallLog;
  readonly tally: CallTally;
  readonly clock: Clock;
  readonly mediaTerms: Omit<MediaTerms, 'userAgent'>;
  /** What the voice menu says. */
  readonly prompts: Prompts;
  /** Told of each wrong PIN. @param sipUsername of who typed it */
  readonly onWrongPin: (sipUsername: string) => void;
  /** From INVITE to the answer, and from the menu into the conference, at most. */
  readonly setUpTimeoutMs: number;
  readonly silentTimeoutMs: number;
  readonly log: Logger;
}

/** What the signalling knows of a call before anybody decides on it. */
export interface IncomingCall {
  readonly leg: SignalingLeg;
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
    const { endpoint, site } = admission;
    const terms = { ...termsOf(deps.mediaTerms, admission), userAgent: leg.userAgent };
    const media = leg.offerSdp === undefined ? undefined : planOffer(leg.offerSdp, terms);

    const entry = deps.calls.add({
      callId,
      direction: 'in',
      siteId: endpoint.siteId,
      endpointId: endpoint.id,
      siteName: site.name,
      state: 'offered',
      startedAtMs,
      sipTransport: leg.sipTransport,
      remoteAddr: leg.remoteAddr,
      userAgent: leg.userAgent,
    });
    cleanup.add('call list', () => entry.remove());
    const attendance = new Attendance({ ...deps, entry, name: site.name });
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
      const offerSdp = await endpointMedia.openForOwnOffer(setUp);
      setUp.throwIfAborted();
      hangUp();
      const answerSdp = await abortable(leg.offer(offerSdp), setUp);
      await endpointMedia.accept(offerSdp, answerSdp, setUp);
    }
    entry.advance('answer');
    const inviteToAnswerMs = deps.clock.now() - startedAtMs;
    record.answered(inviteToAnswerMs);

    const reoffers = new Reoffers(
      { media: endpointMedia, leg },
      { onChange: () => attendance.tell(endpointMedia), timeoutMs: deps.setUpTimeoutMs, log },
    );
    leg.onReoffer(reoffers);
    cleanup.add('offers in dialog', () => reoffers.close());
    leg.onKeyframeRequest(() => refreshPicture(deps, endpointMedia, log));
    cleanup.add('key frame requests', relayKeyframeRequests(deps, endpointMedia, leg, log));
    const keypad = hearKeys(deps, endpointMedia, leg, cleanup);
    entry.advance('ack');
    const outages = new RelayOutages(
      { ...deps, log },
      {
        close: () => reoffers.between(() => endpointMedia.unpublishFeed()),
        reopen: () => reoffers.reopenAtRelay(),
      },
    );
    cleanup.add('relay outages', () => outages.close());
    const streamWatch = new StreamWatch(
      { ...deps, log },
      {
        siteId: endpoint.siteId,
        media: endpointMedia,
        onChange: standing => attendance.tellAlarms(standing),
        onTotals: totals => record.alarmed(totals),
      },
    );
    cleanup.add('missing streams', () => streamWatch.close());
    const ending = whatEndsIt(deps, { callId, leg, entry, cleanup, outages, streamWatch });

    if (!expected) {
      log.info({ inviteToAnswerMs }, 'call in the menu');
      const chosen = await askWhereTo(deps, { admission, lobby, keypad, ending });
      if (typeof chosen === 'string') {
        reason = chosen;
        return;
      }
      await reoffers.between(async signal => {
        await endpointMedia.moveTo(await attendance.enter(chosen, signal), signal);
      });
      await lobby.close();
    }
    await reoffers.show();
    streamWatch.begin();
    const obey = (action: KeyAction) => obeyKeys(action, reoffers, log);
    cleanup.add('key codes', listenForCodes(keypad, deps.clock, obey));
    const { conferenceId, participantId } = entry.call;
    log.info({ conferenceId, participantId, inviteToAnswerMs }, 'call connected');

    reason = await Promise.race([ending, attendance.ending()]);
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
    readonly keypad: Keypad;
    readonly ending: Promise<EndReason>;
  },
): Promise<Conference | EndReason> {
  const over = new AbortController();
  const { admission, lobby, keypad, ending } = call;
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

/** Gathers the endpoint's keys, however they come. */
function hearKeys(
  deps: InboundCallDeps,
  media: EndpointMedia,
  leg: SignalingLeg,
  cleanup: Cleanup,
): Keypad {
  const keypad = new Keypad();
  leg.onKey(key => keypad.heard('info', key));
  const undo = deps.stage.on('participant.digit', ({ participantId, digit }) => {
    if (participantId === media.participantId) keypad.heard('rtp', digit);
  });
  cleanup.add('keys', undo);
  return keypad;
}

function obeyKeys(action: KeyAction, reoffers: Reoffers, log: Logger): void {
  log.info({ action }, 'key code');
  reoffers.toggleMute().catch(err => log.warn({ err, action }, 'key code not obeyed'));
}

/** Resolves with the first thing that ends an answered call, wherever it is. */
function whatEndsIt(
  deps: InboundCallDeps,
  call: {
    readonly callId: CallId;
    readonly leg: SignalingLeg;
    readonly entry: CallEntry;
    readonly cleanup: Cleanup;
    readonly outages: RelayOutages;
    readonly streamWatch: StreamWatch;
  },
): Promise<EndReason> {
  const { outages, streamWatch } = call;
  const onLook = (silence: Silence | undefined) => streamWatch.relayHeard(silence);
  const watch = { ...deps, isOutage: () => outages.isUnderWay, onLook };
  const over = new AbortController();
  call.cleanup.add('silence watch', () => over.abort(new Error('call over')));
  const ending = Promise.race([
    call.leg.ended,
    reasonOf<EndReason>(call.entry.endRequested),
    outages.ending,
    waitForSilence(watch, call.callId, deps.silentTimeoutMs, over.signal).then(
      () => 'media-timeout' as const,
    ),
  ]);
  ending.catch(() => undefined); // of a call that failed before it was waited for
  return ending;
}

/** Refuses an unanswered leg; an answered one is ended by the cleanup. */
function refuse(leg: SignalingLeg, thrown: unknown, log: Logger): EndReason {
  const error = asSetUpError(thrown);
  const { code, outcome } = error;
  const fields = { code, blame: outcome.blame, ...error.details };
  if (outcome.blame === 'client') log.info({ ...fields, reason: error.message }, 'call refused');
  else log.error({ ...fields, err: error }, 'call refused');
  leg.reject(error);
  return code;
}

function asSetUpError(thrown: unknown): GatewayError {
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError')
    return new GatewayError('media-relay-down', 'setting up the call took too long', {
      cause: thrown,
    });
  return toGatewayError(thrown);
}

function refreshPicture(deps: InboundCallDeps, media: EndpointMedia, log: Logger): void {
  deps.stage
    .request('endpoint.refresh', media.member)
    .catch(err => log.warn({ err }, 'picture not refreshed'));
}

/** Passes the stage's wish for a key frame on as INFO; returns its own undo. */
function relayKeyframeRequests(
  deps: InboundCallDeps,
  media: EndpointMedia,
  leg: SignalingLeg,
  log: Logger,
): () => void {
  return deps.stage.on('endpoint.keyframe-needed', event => {
    if (event.participantId !== media.participantId) return;
    leg.requestKeyframe().catch(err => log.warn({ err }, 'key frame not asked for'));
  });
}
