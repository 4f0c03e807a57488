import type { Logger } from 'pino';
import type { Alarm } from '../contract/alarms.ts';
import type { StageEventParams } from '../contract/stage.ts';
import type { SiteId } from '../domain/ids.ts';
import { Alarms, type AlarmTotal } from './alarms.ts';
import type { Clock, Silence, StageMember, StagePort } from './ports.ts';

/** A relay that has not said anything for longer may be gone, and pictures with it. */
const RELAY_WORD_HOLDS_MS = 2_500;

/** What an endpoint should send now. */
export interface DueStreams {
  /** What the stage knows the endpoint by. */
  readonly member: StageMember;
  readonly isSoundDue: boolean;
  readonly isPictureDue: boolean;
}

export interface StreamWatchDeps {
  readonly stage: StagePort;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface WatchedCall {
  readonly siteId: SiteId;
  readonly media: DueStreams;
  /** Told whenever an alarm begins or ends. */
  readonly onChange: (standing: readonly Alarm[]) => void;
  /** Told how long each has stood by now, as long as one stands. */
  readonly onTotals: (totals: readonly AlarmTotal[]) => void;
}

interface LastPicture {
  readonly packets: number;
  /** When they last were others. */
  readonly cameAtMs: number;
}

/**
 * Notices what an endpoint in a conference should send and does not: sound as the
 * relay tells, pictures as the stage counts them. Whoever made it closes it.
 */
export class StreamWatch {
  readonly #deps: StreamWatchDeps;
  readonly #call: WatchedCall;
  readonly #alarms = new Alarms();
  #lastPicture: LastPicture | undefined;
  #relaySpokeAtMs: number | undefined;
  #undo: readonly (() => void)[] = [];
  #isWatching = false;

  constructor(deps: StreamWatchDeps, call: WatchedCall) {
    this.#deps = deps;
    this.#call = call;
  }

  /** The endpoint is in a conference: from now on it is missed. */
  begin(): void {
    const { stage } = this.#deps;
    this.#isWatching = true;
    this.#relaySpokeAtMs = this.#deps.clock.now(); // when it opened the call
    this.#undo = [
      stage.on('scene.quality', quality => this.#stageCounted(quality)),
      stage.onLost(() => this.#forgetPicture()),
    ];
  }

  /** @param silence undefined while the relay can hear nothing of the endpoint */
  relayHeard(silence: Silence | undefined): void {
    if (!this.#isWatching) return;
    this.#relaySpokeAtMs = silence && this.#deps.clock.now();
    if (!silence) this.#forgetPicture();
    const isDue = silence !== undefined && this.#call.media.isSoundDue;
    this.#look('no-sound', isDue, silence?.audioMs ?? 0);
  }

  close(): void {
    for (const undo of this.#undo) undo();
    this.#isWatching = false;
    this.#look('no-sound', false, 0);
    this.#look('no-picture', false, 0);
  }

  #stageCounted({ sceneId, streams }: StageEventParams<'scene.quality'>): void {
    const { media } = this.#call;
    const { member } = media;
    if (sceneId !== member.sceneId) return;
    const own = streams.find(one => one.participantId === member.participantId && !one.content);
    if (!own) return this.#forgetPicture();
    const nowMs = this.#deps.clock.now();
    const packets = own.packetsReceived;
    const isNews = this.#lastPicture?.packets !== packets;
    const cameAtMs = isNews ? nowMs : (this.#lastPicture?.cameAtMs ?? nowMs);
    this.#lastPicture = { packets, cameAtMs };
    const isRelayThere = nowMs - (this.#relaySpokeAtMs ?? 0) < RELAY_WORD_HOLDS_MS;
    this.#look('no-picture', media.isPictureDue && isRelayThere, nowMs - cameAtMs);
  }

  #forgetPicture(): void {
    this.#lastPicture = undefined;
    this.#look('no-picture', false, 0);
  }

  #look(alarm: Alarm, isDue: boolean, silentMs: number): void {
    const { clock } = this.#deps;
    const { onChange, onTotals } = this.#call;
    const change = this.#alarms.look(alarm, { isDue, silentMs }, clock.now());
    const { standing } = this.#alarms;
    if (change || standing.length > 0) onTotals(this.#alarms.totals(clock.now()));
    if (!change) return;
    this.#say(change.alarm, change.isStanding, change.stoodMs);
    onChange(standing);
  }

  #say(alarm: Alarm, isStanding: boolean, stoodMs: number): void {
    const { log } = this.#deps;
    const { siteId } = this.#call;
    if (isStanding) log.warn({ alarm, siteId }, 'nothing comes from the endpoint');
    else log.info({ alarm, siteId, stoodMs }, 'alarm over');
  }
}
