import type { Logger } from 'pino';
import type { Clock, StagePort } from '../calls/ports.ts';
import { MAX_QUEUED_NAMES, type StageParams } from '../contract/stage.ts';
import type { ConferenceId, ParticipantId } from '../domain/ids.ts';
import type { OrderState } from './moderation.ts';

/** Who has the floor and who asks for it, and what they are called; undefined for who has left. */
export interface FloorFacts {
  readonly order: Pick<OrderState, 'hands' | 'floor'>;
  readonly nameOf: (id: ParticipantId) => string | undefined;
}

interface Deps {
  readonly stage: StagePort;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

const NOBODY = standing(undefined, []);

/**
 * Has the halls' picture say who has the floor and who waits, while the scene is open. To be told
 * of every change of the order and of names; the stage counts the time by itself.
 */
export class FloorView {
  readonly #deps: Deps;
  readonly #sceneId: ConferenceId;
  readonly #wanted: () => FloorFacts;
  /** What the open scene was told last, whatever time it was. */
  #told = NOBODY;
  #sceneOpen = false;

  /** @param wanted gives what holds now */
  constructor(deps: Deps, sceneId: ConferenceId, wanted: () => FloorFacts) {
    this.#deps = deps;
    this.#sceneId = sceneId;
    this.#wanted = wanted;
  }

  /** A scene that opens says nothing of a floor. */
  sceneOpened(): void {
    this.#sceneOpen = true;
    this.#told = NOBODY;
    this.changed();
  }

  sceneLost(): void {
    this.#sceneOpen = false;
  }

  /** Says it to the stage when it is not what was said last. */
  changed(): void {
    if (!this.#sceneOpen) return;
    const facts = this.#wanted();
    const { floor, queue } = floorOrder(this.#sceneId, facts, this.#deps.clock.now());
    const text = standing(floor && { ...floor, endsAtMs: facts.order.floor?.endsAtMs }, queue);
    if (text === this.#told) return;
    this.#told = text;
    this.#deps.stage
      .request('scene.floor', { sceneId: this.#sceneId, ...(floor && { floor }), queue })
      .catch(err => {
        this.#deps.log.warn({ err }, 'floor not shown in halls');
        if (this.#told === text) this.#told = UNKNOWN; // the next change says it again
      });
  }
}

/** Like nothing that is said. */
const UNKNOWN = '';

type FloorOrder = StageParams<'scene.floor'> & { readonly queue: string[] };

/** The order in the stage's words; who speaks does not wait as well. */
export function floorOrder(
  sceneId: ConferenceId,
  { order: { hands, floor }, nameOf }: FloorFacts,
  nowMs: number,
): FloorOrder {
  const name = floor && nameOf(floor.participantId);
  const waiting = hands.filter(hand => hand.participantId !== floor?.participantId);
  const names = waiting.flatMap(hand => nameOf(hand.participantId) ?? []);
  const queue = names.slice(0, MAX_QUEUED_NAMES);
  if (!floor || name === undefined) return { sceneId, queue };
  const { endsAtMs } = floor;
  const limit = endsAtMs !== undefined && { remainingMs: endsAtMs - nowMs };
  return { sceneId, floor: { name, ...limit }, queue };
}

/** Equal for orders that say the same, sooner or later. */
function standing(
  floor: { readonly name: string; readonly endsAtMs: number | undefined } | undefined,
  queue: readonly string[],
): string {
  return JSON.stringify([floor?.name, floor?.endsAtMs, queue]);
}
