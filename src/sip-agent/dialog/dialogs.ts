import type { Dialog } from './dialog.ts';

/** A dialog whose application is gone is kept this long, so that its BYE finds it. */
const ORPHAN_LIFETIME_MS = 3600 * 1000;

/** All dialogs, found by the application's id and by the peer's tags. */
export class Dialogs {
  readonly #byId = new Map<string, Dialog>();
  readonly #byTags = new Map<string, Dialog>();
  readonly #orphanTimers = new Map<Dialog, NodeJS.Timeout>();

  get size(): number {
    return this.#byId.size;
  }

  add(dialog: Dialog): void {
    this.#byId.set(dialog.facts.id, dialog);
    this.#byTags.set(tagsKey(dialog.facts), dialog);
  }

  remove(dialog: Dialog): void {
    const { id } = dialog.facts;
    if (this.#byId.get(id) === dialog) this.#byId.delete(id);
    const key = tagsKey(dialog.facts);
    if (this.#byTags.get(key) === dialog) this.#byTags.delete(key);
    clearTimeout(this.#orphanTimers.get(dialog));
    this.#orphanTimers.delete(dialog);
  }

  byId(id: string): Dialog | undefined {
    return this.#byId.get(id);
  }

  byTags(tags: { callId: string; localTag: string; remoteTag: string }): Dialog | undefined {
    return this.#byTags.get(tagsKey(tags));
  }

  /** The application that owned these is gone; they end by themselves after a while. */
  orphan(owner: unknown): void {
    for (const dialog of this.#byId.values()) {
      if (dialog.facts.owner !== owner) continue;
      const timer = setTimeout(() => this.remove(dialog), ORPHAN_LIFETIME_MS);
      timer.unref();
      this.#orphanTimers.set(dialog, timer);
    }
  }

  clear(): void {
    for (const dialog of [...this.#byId.values()]) this.remove(dialog);
  }
}

function tagsKey(tags: { callId: string; localTag: string; remoteTag: string }): string {
  return `${tags.callId}|${tags.localTag}|${tags.remoteTag}`;
}
