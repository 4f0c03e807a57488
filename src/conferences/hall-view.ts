import type { Logger } from 'pino';
import type { StagePort } from '../calls/ports.ts';
import type { StageParams } from '../contract/stage.ts';
import type { Participant } from '../domain/conference.ts';
import type { ConferenceId } from '../domain/ids.ts';

/** What the stage is told whole, whenever it is not what it was told last. */
export interface HallOrders {
  readonly people: StageParams<'scene.people'>;
  readonly layout: StageParams<'scene.layout'>;
}

interface Deps {
  readonly stage: StagePort;
  readonly log: Logger;
}

type Method = 'scene.people' | 'scene.layout';

/**
 * Tells the stage who is in a conference and how halls are to see it, while the
 * scene is open. What changes in one turn of the event loop is told once.
 */
export class HallView {
  readonly #deps: Deps;
  readonly #wanted: () => HallOrders;
  /** What the open scene was told last, as text. */
  readonly #told = new Map<Method, string>();
  #sceneOpen = false;
  #due: NodeJS.Immediate | undefined;

  /** @param wanted gives what holds now */
  constructor(deps: Deps, wanted: () => HallOrders) {
    this.#deps = deps;
    this.#wanted = wanted;
  }

  /** At once, so that the first picture has its names. */
  sceneOpened(): void {
    this.#sceneOpen = true;
    this.#told.clear();
    this.#tell();
  }

  sceneLost(): void {
    this.#sceneOpen = false;
    this.#told.clear();
  }

  changed(): void {
    if (!this.#sceneOpen) return;
    this.#due ??= setImmediate(() => {
      this.#due = undefined;
      this.#tell();
    });
  }

  #tell(): void {
    if (!this.#sceneOpen) return;
    const { people, layout } = this.#wanted();
    this.#order('scene.people', people);
    this.#order('scene.layout', layout);
  }

  #order<M extends Method>(method: M, params: StageParams<M>): void {
    const text = JSON.stringify(params);
    if (this.#told.get(method) === text) return;
    this.#told.set(method, text);
    this.#deps.stage.request(method, params).catch(err => {
      this.#deps.log.warn({ err, method }, 'halls not told');
      if (this.#told.get(method) === text) this.#told.delete(method); // the next change says it again
    });
  }
}

/** What the contract allows. */
const MAX_PEOPLE = 1000;

/** Everybody here in the stage's words, in the order they came. */
export function peopleOrder(
  sceneId: ConferenceId,
  participants: readonly Participant[],
): StageParams<'scene.people'> {
  const people = participants.slice(0, MAX_PEOPLE).map(one => ({
    participantId: one.id,
    name: one.name,
    kind: one.kind === 'endpoint' ? ('site' as const) : ('browser' as const),
    muted: one.muted,
    handRaised: one.handRaised,
    ...(one.hallLayout && { layout: one.hallLayout }),
  }));
  return { sceneId, people };
}
