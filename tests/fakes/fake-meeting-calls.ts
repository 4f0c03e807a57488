import type { OutboundEnd } from '../../src/calls/outbound-call.ts';
import type { EndReason } from '../../src/domain/call.ts';
import {
  type CallId,
  type ConferenceId,
  type EndpointId,
  newCallId,
  type SiteId,
} from '../../src/domain/ids.ts';
import type { MeetingCalls, SiteCallEnd } from '../../src/meetings/ports.ts';
import type { FakeMeetingRooms } from './fake-meeting-rooms.ts';

type Wish = Parameters<MeetingCalls['call']>[0];

/** One call of a meeting: rings, gets through and ends when told to. */
export class FakeSiteCall {
  readonly endpointId: EndpointId;
  readonly over: Promise<OutboundEnd>;
  /** Why the meeting stopped it. */
  stoppedWith: EndReason | undefined;
  readonly #wish: Wish;
  readonly #calls: FakeMeetingCalls;
  readonly #callId: CallId;
  #isUp = false;
  #isOver = false;
  #end: (end: OutboundEnd) => void = () => undefined;

  constructor(wish: Wish, calls: FakeMeetingCalls, callId: CallId) {
    this.#wish = wish;
    this.#calls = calls;
    this.#callId = callId;
    this.endpointId = wish.endpointId;
    this.over = new Promise(resolve => {
      this.#end = resolve;
    });
    wish.stop.addEventListener('abort', () => {
      if (this.#isOver) return;
      this.stoppedWith = wish.stop.reason as EndReason;
      this.end(this.#isUp ? this.stoppedWith : 'cancelled');
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get siteId(): SiteId {
    return this.#calls.siteOf(this.endpointId);
  }

  ring(): void {
    this.#wish.onProgress('ringing', this.#callId);
  }

  answer(): void {
    this.#isUp = true;
    this.#wish.onProgress('connected', this.#callId);
    this.#calls.rooms.enter(this.#wish.conferenceId, this.siteId);
  }

  end(reason: EndReason): void {
    this.#isOver = true;
    const { conferenceId } = this.#wish;
    if (this.#isUp) this.#calls.rooms.leave(conferenceId, this.siteId);
    this.#calls.ended({ conferenceId, siteId: this.siteId, reason, wasAnswered: this.#isUp });
    this.#end({ callId: this.#callId, reason, wasAnswered: this.#isUp });
  }
}

/** Calls of meetings that go as the test says; an endpoint `x-main` is of the site `x`. */
export class FakeMeetingCalls implements MeetingCalls {
  readonly rooms: FakeMeetingRooms;
  readonly made: FakeSiteCall[] = [];
  readonly #listeners = new Set<(end: SiteCallEnd) => void>();

  constructor(rooms: FakeMeetingRooms) {
    this.rooms = rooms;
  }

  call(wish: Wish): Promise<OutboundEnd> {
    const call = new FakeSiteCall(wish, this, `call-${this.made.length + 1}` as CallId);
    this.made.push(call);
    return call.over;
  }

  onEnded(listener: (end: SiteCallEnd) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  ended(end: SiteCallEnd): void {
    for (const listener of [...this.#listeners]) listener(end);
  }

  siteOf(endpointId: EndpointId): SiteId {
    return endpointId.replace(/-(?:main|backup)$/, '') as SiteId;
  }

  /** Calls that are under way or stand. */
  get open(): FakeSiteCall[] {
    return this.made.filter(call => !call.isOver);
  }

  /** The latest to an endpoint. */
  last(endpointId: string): FakeSiteCall {
    const found = this.made.findLast(call => call.endpointId === endpointId);
    if (!found) throw new Error(`${endpointId} was not called`);
    return found;
  }

  /** A site dials in by itself; gives what hangs it up. */
  dialIn(conferenceId: ConferenceId, siteId: SiteId): (reason: EndReason) => void {
    this.rooms.enter(conferenceId, siteId);
    return reason => {
      this.rooms.leave(conferenceId, siteId);
      this.ended({ conferenceId, siteId, reason, wasAnswered: true });
    };
  }
}

/** Every call rings and is taken by nobody. */
export const NOBODY_ANSWERS: MeetingCalls = {
  call: async () => ({ callId: newCallId(), reason: 'peer-no-answer', wasAnswered: false }),
  onEnded: () => () => undefined,
};
