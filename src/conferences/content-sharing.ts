/** Sharing screens in one conference: whose turn it is, and who is told of it. */
import type { Clock } from '../calls/ports.ts';
import type { ContentFloorView } from '../contract/content-floor.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ParticipantId } from '../domain/ids.ts';
import { ContentFloor } from './content-floor.ts';
import type { Roster } from './roster.ts';

/** How long the floor is kept for who asked for it and has to click once more. */
const GRANT_MS = 30_000;

interface ContentSharingDeps {
  readonly roster: Roster;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Puts somebody's shared screen out of the room. Never rejects. */
  readonly drop: (id: ParticipantId) => Promise<void>;
}

type Listener = () => void;

export class ContentSharing {
  readonly #deps: ContentSharingDeps;
  readonly #floor = new ContentFloor();
  readonly #listeners = new Set<Listener>();
  /** How often a chair has stopped somebody. */
  readonly #revoked = new Map<ParticipantId, number>();
  #grant: { readonly id: ParticipantId; readonly over: AbortController } | undefined;

  constructor(deps: ContentSharingDeps) {
    this.#deps = deps;
  }

  /** Gives somebody the right to share. @throws GatewayError `content-taken` while somebody else has it */
  take(id: ParticipantId): void {
    if (!this.#floor.take(id)) {
      const { holderId } = this.#floor;
      const name = holderId && this.#deps.roster.get(holderId)?.name;
      throw new GatewayError('content-taken', 'Somebody else shares a screen.', {
        details: { name },
      });
    }
    this.#changed();
  }

  holds(id: ParticipantId): boolean {
    return this.#floor.holderId === id;
  }

  /** Ends somebody's sharing, whether the browser has ended it or not. */
  async stop(id: ParticipantId): Promise<void> {
    this.#floor.release(id);
    this.#deps.roster.update(id, { sharing: false });
    this.#changed();
    await this.#deps.drop(id);
  }

  /** A chair ends somebody's sharing; who has stopped meanwhile need not be. @throws GatewayError `not-found` */
  async revoke(id: ParticipantId): Promise<void> {
    if (!this.#deps.roster.get(id))
      throw new GatewayError('not-found', 'There is no such participant in this conference.');
    if (!this.holds(id)) return;
    this.#revoked.set(id, (this.#revoked.get(id) ?? 0) + 1);
    await this.stop(id);
  }

  /** The screen came; false when its owner does not have the floor. */
  shown(id: ParticipantId): boolean {
    if (!this.#floor.shown(id)) return false;
    this.#deps.roster.update(id, { sharing: true });
    return true;
  }

  ended(id: ParticipantId): void {
    this.#floor.ended(id);
    this.#deps.roster.update(id, { sharing: false });
    this.#changed();
  }

  /** Asks to share while somebody else does, or does not any longer. */
  request(id: ParticipantId, wanted: boolean): void {
    if (wanted) this.#floor.request(id);
    else this.#floor.withdraw(id);
    this.#changed();
  }

  /** Who shares goes on, whoever asked; harmless of anybody else. */
  deny(id: ParticipantId): void {
    if (!this.holds(id)) return;
    this.#floor.deny();
    this.#changed();
  }

  remove(id: ParticipantId): void {
    this.#floor.leave(id);
    this.#revoked.delete(id);
    this.#changed();
  }

  /** As somebody sees it, at once and on each change; returns its own undo. */
  watch(id: ParticipantId, listener: (view: ContentFloorView) => void): () => void {
    let told = '';
    const tell = () => {
      const view = this.#viewOf(id);
      const text = JSON.stringify(view);
      if (text === told) return;
      told = text;
      listener(view);
    };
    this.#listeners.add(tell);
    tell();
    return () => this.#listeners.delete(tell);
  }

  close(): void {
    this.#grant?.over.abort(new Error('over'));
    this.#grant = undefined;
  }

  #viewOf(id: ParticipantId): ContentFloorView {
    const { holderId, requests } = this.#floor;
    const [holder] = this.#people(holderId === undefined ? [] : [holderId]);
    return {
      ...(holder && { holder }),
      requests: this.#people(requests),
      request: this.#floor.requestOf(id),
      revoked: this.#revoked.get(id) ?? 0,
    };
  }

  #people(ids: readonly ParticipantId[]) {
    return ids.map(id => ({ participantId: id, name: this.#deps.roster.get(id)?.name ?? '' }));
  }

  #changed(): void {
    this.#watchGrant();
    for (const listener of [...this.#listeners]) listener();
  }

  /** What is granted and not taken goes to the next after a while. */
  #watchGrant(): void {
    const id = this.#floor.grantedId;
    if (this.#grant?.id === id) return;
    this.close();
    if (id === undefined) return;
    const over = new AbortController();
    this.#grant = { id, over };
    this.#deps.clock.sleep(GRANT_MS, over.signal).then(
      () => this.request(id, false),
      () => undefined, // taken, given back, or over
    );
  }
}
