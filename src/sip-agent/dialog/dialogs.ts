import type { Dialog } from './dialog.ts';

/** A dialog whose application is gone is kept this long, so that its BYE finds it. */
const ORPHAN_LIFETIME_MS = 3600 * 1000;

interface Tags {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
}

/** All dialogs, found by the application's id and by the peer's tags. */
export class Dialogs<Owner = unknown> {
  readonly #byId = new Map<string, Dialog<Owner>>();
  readonly #byTags = new Map<string, Dialog<Owner>>();
  readonly #orphanTimers = new Map<Dialog<Owner>, NodeJS.Timeout>();

  get size(): number {
    return this.#byTags.size;
  }

  /** An older dialog of the same id is forgotten, unless both are branches of one INVITE that forked. */
  add(dialog: Dialog<Owner>): void {
    const older = this.#byId.get(dialog.facts.id);
    if (older && older !== dialog && older.state === 'confirmed') this.remove(older);
    this.#byId.set(dialog.facts.id, dialog);
    this.#byTags.set(tagsKey(dialog.facts), dialog);
  }

  remove(dialog: Dialog<Owner>): void {
    const { id } = dialog.facts;
    if (this.#byId.get(id) === dialog) this.#byId.delete(id);
    const key = tagsKey(dialog.facts);
    if (this.#byTags.get(key) === dialog) this.#byTags.delete(key);
    clearTimeout(this.#orphanTimers.get(dialog));
    this.#orphanTimers.delete(dialog);
  }

  byId(id: string): Dialog<Owner> | undefined {
    return this.#byId.get(id);
  }

  byTags(tags: Tags): Dialog<Owner> | undefined {
    return this.#byTags.get(tagsKey(tags));
  }

  /** The application that owned these is gone; they end by themselves after a while. */
  orphan(owner: Owner): void {
    for (const dialog of this.#byId.values())
      if (dialog.facts.owner === owner && !this.#orphanTimers.has(dialog)) {
        const timer = setTimeout(() => this.remove(dialog), ORPHAN_LIFETIME_MS);
        this.#orphanTimers.set(dialog, timer);
      }
  }

  clear(): void {
    for (const dialog of [...this.#byTags.values()]) this.remove(dialog);
  }
}

function tagsKey(tags: Tags): string {
  return `${tags.callId}|${tags.localTag}|${tags.remoteTag}`;
}
