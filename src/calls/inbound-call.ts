import type { Logger } from 'pino';
import type { LiveConferences, Seat } from '../conferences/live-conferences.ts';
import type { ConferenceStore } from '../conferences/ports.ts';
import type { EndReason } from '../domain/call.ts';
import { GatewayError, toGatewayError } from '../domain/errors.ts';
import { type CallId, newCallId, type ParticipantId } from '../domain/ids.ts';
import type { SiteStore } from '../sites/ports.ts';
import { abortable } from '../util/abort.ts';
import { Cleanup } from '../util/cleanup.ts';
import { admit } from './admit.ts';
import type { CallEntry, CallList } from './call-list.ts';
import type { CallLog, OpenRecord } from './call-log.ts';
import { EndpointMedia, type EndpointMediaDeps } from './endpoint-media.ts';
import { type MediaTerms, planOffer, requireOwnOffer } from './media-terms.ts';
import type { Clock, SignalingLeg } from './ports.ts';
import { Reoffers } from './reoffers.ts';
import { waitForSilence } from './silence.ts';

export interface InboundCallDeps extends EndpointMediaDeps {
  readonly sites: SiteStore;
  readonly conferenceStore: ConferenceStore;
  readonly conferences: LiveConferences;
  readonly calls: CallList;
  readonly callLog: CallLog;
  readonly clock: Clock;
  readonly mediaTerms: Omit<MediaTerms, 'userAgent'>;
  /** From INVITE to the answer, at most. */
  readonly setUpTimeoutMs: number;
  readonly silentTimeoutMs: number;
  readonly log: Logger;
}

/** What the signalling knows of a call before anybody decides on it. */
export interface IncomingCall {
  readonly leg: SignalingLeg;
  /** Already proved, by registration or digest. */
  readonly sipUsername: string;
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
    const stores = { sites: deps.sites, conferences: deps.conferenceStore };
    const { endpoint, site, conference } = await admit(stores, incoming, incoming.dialled);
    const terms = { ...deps.mediaTerms, userAgent: leg.userAgent };
    const media = leg.offerSdp === undefined ? undefined : planOffer(leg.offerSdp, terms);
    if (!media) requireOwnOffer(terms);

    const seat = await deps.conferences.enter(
      conference,
      { kind: 'endpoint', name: site.name },
      setUp,
    );
    cleanup.add('seat', () => seat.leave());
    const { participantId } = seat;
    const entry = deps.calls.add({
      callId,
      participantId,
      conferenceId: conference.id,
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
    entry.advance('admit');

    const endpointMedia = new EndpointMedia(deps, {
      callId,
      conferenceId: conference.id,
      participantId,
      name: site.name,
      terms,
      openScene: signal => seat.conference.openScene(signal),
      cleanup,
      log,
    });
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

    const reoffers = new Reoffers(endpointMedia, seat, deps.setUpTimeoutMs, log);
    leg.onReoffer(reoffers);
    cleanup.add('offers in dialog', () => reoffers.close());
    leg.onKeyframeRequest(() => refreshPicture(deps, conference.id, participantId, log));
    cleanup.add('key frame requests', relayKeyframeRequests(deps, participantId, leg, log));
    await reoffers.show(AbortSignal.timeout(deps.setUpTimeoutMs));
    entry.advance('ack');
    log.info({ conferenceId: conference.id, participantId, inviteToAnswerMs }, 'call connected');

    reason = await whatEndsIt(deps, { callId, leg, entry, seat, cleanup });
  } catch (thrown) {
    reason = leg.cancelled.aborted ? 'cancelled' : refuse(leg, thrown, log);
  } finally {
    for (const err of await cleanup.close()) log.warn({ err }, 'cleanup failed');
    const endedAtMs = deps.clock.now();
    const durationMs = endedAtMs - startedAtMs;
    record.close(reason, endedAtMs);
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
  const call = { callId, sipCallId, dialled, sipUsername, remoteAddr, userAgent, startedAtMs };
  return callLog.open(call, () => leg.messages);
}

/** Waits for the first thing that ends a connected call. */
async function whatEndsIt(
  deps: InboundCallDeps,
  call: {
    readonly callId: ReturnType<typeof newCallId>;
    readonly leg: SignalingLeg;
    readonly entry: CallEntry;
    readonly seat: Seat;
    readonly cleanup: Cleanup;
  },
): Promise<EndReason> {
  const over = new AbortController();
  call.cleanup.add('silence watch', () => over.abort(new Error('call over')));
  return Promise.race([
    call.leg.ended,
    reasonOf(call.entry.endRequested),
    reasonOf(call.seat.ended).then(toEndReason),
    seatLost(deps, call.seat.participantId, call.cleanup),
    waitForSilence(deps, call.callId, deps.silentTimeoutMs, over.signal).then(
      () => 'media-timeout' as const,
    ),
  ]);
}

/** Resolves when the room server takes the endpoint's place away by itself. */
function seatLost(
  deps: InboundCallDeps,
  participantId: ParticipantId,
  cleanup: Cleanup,
): Promise<EndReason> {
  return new Promise(resolve => {
    const undo = deps.bridge.on('seat.lost', event => {
      if (event.participantId === participantId) resolve('room-server-refused');
    });
    cleanup.add('seat watch', undo);
  });
}

function reasonOf(signal: AbortSignal): Promise<EndReason> {
  return new Promise(resolve => {
    if (signal.aborted) resolve(signal.reason);
    else signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });
}

function toEndReason(reason: string): EndReason {
  return reason === 'conference-closed' ? 'room-hangup' : (reason as EndReason);
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

function refreshPicture(
  deps: InboundCallDeps,
  sceneId: string,
  participantId: string,
  log: Logger,
): void {
  deps.stage
    .request('endpoint.refresh', { sceneId, participantId })
    .catch(err => log.warn({ err }, 'picture not refreshed'));
}

/** Passes the stage's wish for a key frame on as INFO; returns its own undo. */
function relayKeyframeRequests(
  deps: InboundCallDeps,
  participantId: string,
  leg: SignalingLeg,
  log: Logger,
): () => void {
  return deps.stage.on('endpoint.keyframe-needed', event => {
    if (event.participantId !== participantId) return;
    leg.requestKeyframe().catch(err => log.warn({ err }, 'key frame not asked for'));
  });
}
