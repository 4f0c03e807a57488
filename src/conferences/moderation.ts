import type { Logger } from 'pino';
import type { Clock } from '../calls/ports.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ParticipantId } from '../domain/ids.ts';
import { AbsentPeople, type KeptOrder, type KeptPerson } from './kept-order.ts';
import type { Roster } from './roster.ts';
import { type Floor, type Hand, type SpeakingMode, SpeakingOrder } from './speaking-order.ts';

/** What a participant's own call or visit does when it is told to. */
export interface ParticipantControls {
  /** @throws GatewayError `room-server-down`, `room-server-refused` */
  setMuted(muted: boolean): Promise<void>;
  /** Hangs up, or ends the visit. */
  putOut(): void;
  /** Shows a message where the halls' picture does not; undefined takes it away. */
  say?(message: string | undefined): void;
  /** Asks the person to open the microphone. */
  askToUnmute?(): void;
  /** Opens the own switch of who asked to speak and may now; a page does that by itself. */
  openMicrophone?(): Promise<void>;
}

/** What holds for everybody in a conference. */
export interface ConferenceRules {
  /** Nobody new comes in, but who is called. */
  readonly isLocked: boolean;
  /** As it is stored when not given. */
  readonly muteOnEntry?: boolean;
  /** On every screen. */
  readonly message?: string;
}

/** Who may speak, as it stands. */
export interface OrderState {
  readonly mode: SpeakingMode;
  readonly hands: readonly Hand[];
  readonly floor: Floor | undefined;
  /** Large for everybody, whoever speaks. */
  readonly spotlightId: ParticipantId | undefined;
}

export interface ModerationDeps {
  readonly roster: Roster;
  readonly clock: Pick<Clock, 'now'>;
  /** Whether who comes in is muted, by what is stored; a meeting that runs may say otherwise. */
  readonly isMutedOnEntry: (id: ParticipantId) => boolean;
  /** Gives somebody the large place everywhere, or takes it back from this one. */
  readonly showFloor: (now: ParticipantId | undefined, before: ParticipantId | undefined) => void;
  /** Who has that place now. */
  readonly spotlightId: () => ParticipantId | undefined;
  /** The order has changed. */
  readonly onOrder: () => void;
  /** As it was before the rooms were gone; whose it was has it again when back. */
  readonly kept?: KeptOrder | undefined;
  readonly log: Logger;
}

/**
 * What those who lead a conference do to the others: who is held muted, by itself or by the
 * order of speaking, who has to leave, what stands on every screen.
 */
export class Moderation {
  readonly #deps: ModerationDeps;
  readonly #order = new SpeakingOrder();
  readonly #controls = new Map<ParticipantId, ParticipantControls>();
  /** Held muted whatever the order is. */
  readonly #muted = new Set<ParticipantId>();
  /** As it was told to their controls last. */
  readonly #held = new Map<ParticipantId, boolean>();
  readonly #listeners = new Set<(order: OrderState) => void>();
  /** What is kept for those who are not back yet. */
  readonly #absent: AbsentPeople;
  #rules: ConferenceRules | undefined;

  constructor(deps: ModerationDeps) {
    this.#deps = deps;
    this.#absent = new AbsentPeople(deps.kept);
    if (deps.kept) this.#order.resume(deps.kept.mode);
  }

  get rules(): ConferenceRules | undefined {
    return this.#rules;
  }

  /** True when the message is another than before. */
  govern(rules: ConferenceRules | undefined): boolean {
    const before = this.#rules;
    this.#rules = rules;
    if (rules?.message === before?.message) return false;
    for (const { say } of this.#controls.values()) say?.(rules?.message);
    return true;
  }

  /**
   * Takes what can be done to somebody here, and does at once what holds for who comes in; for
   * who comes back over a new connection, what held before.
   */
  control(id: ParticipantId, controls: ParticipantControls): void {
    const isBack = this.#controls.has(id);
    this.#controls.set(id, controls);
    this.#held.set(id, false);
    const message = this.#rules?.message;
    if (message !== undefined) controls.say?.(message);
    if (!isBack && this.#deps.isMutedOnEntry(id) && !this.#isChair(id)) this.#muted.add(id);
    this.#welcome(id);
    this.#apply(id).catch(err =>
      this.#deps.log.warn({ err, participantId: id }, 'not muted on entry'),
    );
  }

  /** Somebody has become a chair, whom neither the entry nor the order holds muted. */
  leads(id: ParticipantId): void {
    this.#muted.delete(id);
    this.#apply(id).catch(err =>
      this.#deps.log.warn({ err, participantId: id }, 'chair not let go'),
    );
  }

  /** Somebody has left. */
  remove(id: ParticipantId): void {
    this.#controls.delete(id);
    this.#muted.delete(id);
    this.#held.delete(id);
    const before = this.#order.floor?.participantId;
    if (!this.#order.remove(id)) return;
    if (before === id) this.#deps.showFloor(undefined, id);
    this.#tell();
  }

  /** @throws GatewayError `not-found`, `room-server-down` */
  async mute(id: ParticipantId, muted: boolean): Promise<void> {
    this.#controlsOf(id);
    if (muted) this.#muted.add(id);
    else this.#muted.delete(id);
    await this.#apply(id);
  }

  /** Held muted by itself, whatever the order is. */
  isMuted(id: ParticipantId): boolean {
    return this.#muted.has(id);
  }

  /** @throws GatewayError `not-found` */
  putOut(id: ParticipantId): void {
    this.#controlsOf(id).putOut();
  }

  /** Lets a microphone go and asks the person to open it. @throws GatewayError `not-found`, `room-server-down` */
  async askToUnmute(id: ParticipantId): Promise<void> {
    const controls = this.#controlsOf(id);
    await this.mute(id, false);
    controls.askToUnmute?.();
  }

  get order(): OrderState {
    const { mode, hands, floor } = this.#order;
    return { mode, hands, floor, spotlightId: this.#deps.spotlightId() };
  }

  /** What of the order is kept over the end of the rooms. */
  get kept(): KeptOrder {
    const { mode, hands, floor, spotlightId } = this.order;
    return this.#absent.addedTo({
      mode,
      hands: hands.map(hand => ({ ...this.#person(hand.participantId), ...hand })),
      ...(floor && { floor: { ...this.#person(floor.participantId), ...floor } }),
      ...(spotlightId !== undefined && { spotlight: this.#person(spotlightId) }),
    });
  }

  /** Calls back at once and on every change; returns its own undo. */
  watchOrder(listener: (order: OrderState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.order);
    return () => this.#listeners.delete(listener);
  }

  /** Asks to speak for somebody, or does not any longer; harmless for who is not here. */
  raiseHand(id: ParticipantId, raised: boolean): void {
    if (!this.#deps.roster.get(id)) return;
    const hasChanged = raised
      ? this.#order.raise(id, this.#deps.clock.now())
      : this.#order.lower(id);
    if (hasChanged) this.#tell();
  }

  /** Somebody else has the large place. */
  spotlightChanged(): void {
    this.#absent.forgetSpotlight();
    this.#tell();
  }

  /** @throws GatewayError `not-found`, `room-server-down` */
  async giveFloor(id: ParticipantId, limitMs?: number): Promise<void> {
    const controls = this.#controlsOf(id);
    const hasAsked = this.#order.hands.some(({ participantId }) => participantId === id);
    const before = this.#order.floor?.participantId;
    this.#absent.forgetFloor();
    this.#order.give(id, this.#deps.clock.now(), limitMs);
    this.#muted.delete(id);
    this.#deps.showFloor(id, before);
    this.#tell();
    await this.#applyAll();
    if (hasAsked) await controls.openMicrophone?.();
  }

  /** Nobody has the floor; the others stay muted. @throws GatewayError `room-server-down` */
  async takeFloor(): Promise<void> {
    const before = this.#order.floor?.participantId;
    this.#absent.forgetFloor();
    this.#order.take();
    this.#deps.showFloor(undefined, before);
    this.#tell();
    await this.#applyAll();
  }

  /** Everybody has their own switch again, but who is held by itself. @throws GatewayError `room-server-down` */
  async freeDiscussion(): Promise<void> {
    const before = this.#order.floor?.participantId;
    this.#absent.forgetFloor();
    this.#order.free();
    this.#deps.showFloor(undefined, before);
    this.#tell();
    await this.#applyAll();
  }

  /** Everybody but chairs. @throws GatewayError `room-server-down` */
  async muteAll(muted: boolean): Promise<void> {
    for (const id of this.#controls.keys()) {
      if (muted && !this.#isChair(id) && this.#order.floor?.participantId !== id)
        this.#muted.add(id);
      if (!muted) this.#muted.delete(id);
    }
    await this.#applyAll();
  }

  #isChair(id: ParticipantId): boolean {
    return this.#deps.roster.get(id)?.chair ?? false;
  }

  /** Who leaves meanwhile does not keep the others from it. */
  async #applyAll(): Promise<void> {
    const all = await Promise.allSettled([...this.#controls.keys()].map(id => this.#apply(id)));
    const failed = all.find(one => one.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #apply(id: ParticipantId): Promise<void> {
    const controls = this.#controls.get(id);
    const held = this.#muted.has(id) || this.#order.silences(id, this.#isChair(id));
    if (!controls || this.#held.get(id) === held) return;
    this.#held.set(id, held);
    try {
      await controls.setMuted(held);
    } catch (err) {
      if (this.#held.get(id) === held) this.#held.set(id, !held); // to be tried again
      throw err;
    }
  }

  /** Gives somebody back what was theirs before the rooms were gone. */
  #welcome(id: ParticipantId): void {
    const { raisedAtMs, floor, hadSpotlight } = this.#absent.welcome(this.#person(id));
    if (raisedAtMs !== undefined) this.#order.raise(id, raisedAtMs);
    if (floor) this.#order.resume('ordered', { participantId: id, ...floor });
    if (hadSpotlight) this.#deps.showFloor(id, undefined);
    if (raisedAtMs !== undefined || floor) this.#tell();
  }

  #person(id: ParticipantId): KeptPerson {
    const { siteId } = this.#deps.roster.get(id) ?? {};
    return { participantId: id, ...(siteId && { siteId }) };
  }

  #tell(): void {
    const { roster, onOrder } = this.#deps;
    const asking = new Set(this.#order.hands.map(({ participantId }) => participantId));
    for (const { id } of roster.list()) roster.update(id, { handRaised: asking.has(id) });
    const { order } = this;
    onOrder();
    for (const listener of [...this.#listeners]) listener(order);
  }

  /** @throws GatewayError `not-found` */
  #controlsOf(id: ParticipantId): ParticipantControls {
    const controls = this.#controls.get(id);
    if (!controls)
      throw new GatewayError('not-found', 'There is no such participant in this conference.');
    return controls;
  }
}
