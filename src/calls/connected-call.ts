/**
 * What is the same for every answered call, whichever side began it: offers in the dialog,
 * key frames, keys, the engines' deaths, missing streams, and what ends it.
 */
import type { Logger } from 'pino';
import type { EndReason } from '../domain/call.ts';
import type { Conference } from '../domain/conference.ts';
import type { CallId } from '../domain/ids.ts';
import { reasonOf } from '../util/abort.ts';
import type { Cleanup } from '../util/cleanup.ts';
import type { Attendance } from './attendance.ts';
import type { CallEntry } from './call-list.ts';
import type { OpenRecord } from './call-log.ts';
import type { EndpointMedia, EndpointMediaDeps } from './endpoint-media.ts';
import { type KeyAction, listenForCodes } from './key-codes.ts';
import { Keypad } from './keypad.ts';
import type { Clock, SignalingLeg, Silence } from './ports.ts';
import { RelayOutages } from './relay-outages.ts';
import { Reoffers } from './reoffers.ts';
import { waitForSilence } from './silence.ts';
import { StreamWatch } from './stream-watch.ts';

export interface ConnectedCallDeps extends EndpointMediaDeps {
  readonly clock: Clock;
  /** For one negotiation. */
  readonly setUpTimeoutMs: number;
  readonly silentTimeoutMs: number;
}

/** What the set-up of a call has made. */
export interface AnsweredCall {
  readonly callId: CallId;
  readonly leg: SignalingLeg;
  readonly entry: CallEntry;
  readonly record: OpenRecord;
  readonly media: EndpointMedia;
  readonly attendance: Attendance;
  readonly cleanup: Cleanup;
  readonly inviteToAnswerMs: number;
  readonly log: Logger;
}

/** An answered call, in a conference or on the way to one; the call's cleanup ends it. */
export class ConnectedCall {
  readonly keypad: Keypad;
  /** Resolves with the first thing that ends the call, wherever it is. */
  readonly ending: Promise<EndReason>;
  readonly #deps: ConnectedCallDeps;
  readonly #call: AnsweredCall;
  readonly #reoffers: Reoffers;
  readonly #streamWatch: StreamWatch;
  readonly #putOut = new AbortController();

  /** Begins to hear what comes in the dialog. */
  constructor(deps: ConnectedCallDeps, call: AnsweredCall) {
    const { leg, media, attendance, entry, record, cleanup, log } = call;
    this.#deps = deps;
    this.#call = call;
    const reoffers = new Reoffers(
      { media, leg },
      { onChange: () => attendance.tell(media), timeoutMs: deps.setUpTimeoutMs, log },
    );
    this.#reoffers = reoffers;
    leg.onReoffer(reoffers);
    cleanup.add('offers in dialog', () => reoffers.close());
    leg.onKeyframeRequest(() => this.#refreshPicture());
    cleanup.add('key frame requests', this.#relayKeyframeRequests());
    cleanup.add('stage outages', this.#reopenWhatIsMissing());
    this.keypad = this.#hearKeys();
    entry.advance('ack');
    const outages = new RelayOutages(
      { ...deps, log },
      {
        close: () => reoffers.between(() => media.unpublishFeed()),
        reopen: () => reoffers.reopenAtRelay(),
      },
    );
    cleanup.add('relay outages', () => outages.close());
    this.#streamWatch = new StreamWatch(
      { ...deps, log },
      {
        siteId: entry.call.siteId,
        media,
        onChange: standing => attendance.tellAlarms(standing),
        onTotals: totals => record.alarmed(totals),
      },
    );
    cleanup.add('missing streams', () => this.#streamWatch.close());
    this.ending = this.#whatEndsIt(outages);
  }

  /** Takes the endpoint from the lobby into a conference. */
  moveTo(conference: Conference): Promise<void> {
    const { media, attendance } = this.#call;
    return this.#reoffers.between(async signal => {
      await media.moveTo(await attendance.enter(conference, signal), signal);
    });
  }

  /** Shows the endpoint to the conference it is in; resolves when the call has to end. */
  async stay(): Promise<EndReason> {
    const { attendance, cleanup, entry, inviteToAnswerMs, log } = this.#call;
    attendance.control({
      setMuted: muted => this.#reoffers.holdMuted(muted),
      openMicrophone: () => this.#reoffers.openMicrophone(),
      putOut: () => this.#putOut.abort('operator' satisfies EndReason),
    });
    await this.#reoffers.show();
    this.#streamWatch.begin();
    const obey = (action: KeyAction) => this.#obeyKeys(action);
    cleanup.add('key codes', listenForCodes(this.keypad, this.#deps.clock, obey));
    const { conferenceId, participantId } = entry.call;
    log.info({ conferenceId, participantId, inviteToAnswerMs }, 'call connected');
    return Promise.race([this.ending, attendance.ending()]);
  }

  /** Gathers the endpoint's keys, however they come. */
  #hearKeys(): Keypad {
    const { leg, media, cleanup } = this.#call;
    const keypad = new Keypad();
    leg.onKey(key => keypad.heard('info', key));
    const undo = this.#deps.stage.on('participant.digit', ({ participantId, digit }) => {
      if (participantId === media.participantId) keypad.heard('rtp', digit);
    });
    cleanup.add('keys', undo);
    return keypad;
  }

  readonly #obeyed: Record<KeyAction, () => Promise<void>> = {
    'toggle-mute': () => this.#reoffers.toggleMute(),
    'toggle-hand': async () => this.#call.attendance.toggleHand(),
  };

  #obeyKeys(action: KeyAction): void {
    const { log } = this.#call;
    log.info({ action }, 'key code');
    this.#obeyed[action]().catch(err => log.warn({ err, action }, 'key code not obeyed'));
  }

  #whatEndsIt(outages: RelayOutages): Promise<EndReason> {
    const { callId, leg, entry, cleanup } = this.#call;
    const onLook = (silence: Silence | undefined) => this.#streamWatch.relayHeard(silence);
    const watch = { ...this.#deps, isOutage: () => outages.isUnderWay, onLook };
    const over = new AbortController();
    cleanup.add('silence watch', () => over.abort(new Error('call over')));
    const ending = Promise.race([
      leg.ended,
      reasonOf<EndReason>(entry.endRequested),
      reasonOf<EndReason>(this.#putOut.signal),
      outages.ending,
      waitForSilence(watch, callId, this.#deps.silentTimeoutMs, over.signal).then(
        () => 'media-timeout' as const,
      ),
    ]);
    ending.catch(() => undefined); // of a call that failed before it was waited for
    return ending;
  }

  #refreshPicture(): void {
    const { media, log } = this.#call;
    this.#deps.stage
      .request('endpoint.refresh', media.member)
      .catch(err => log.warn({ err }, 'picture not refreshed'));
  }

  /** Returns its own undo. */
  #reopenWhatIsMissing(): () => void {
    const { media, log } = this.#call;
    return this.#deps.stage.onNotRestored(({ sceneId, participantId }) => {
      const { member } = media;
      if (sceneId !== member.sceneId || participantId !== member.participantId) return;
      this.#reoffers.reopenOnStage().then(
        () => log.info('opened anew on the stage'),
        err => log.warn({ err }, 'not opened anew on the stage'),
      );
    });
  }

  /** Passes the stage's wish for a key frame on as INFO; returns its own undo. */
  #relayKeyframeRequests(): () => void {
    const { leg, media, log } = this.#call;
    return this.#deps.stage.on('endpoint.keyframe-needed', event => {
      if (event.participantId !== media.participantId) return;
      leg.requestKeyframe().catch(err => log.warn({ err }, 'key frame not asked for'));
    });
  }
}
