import { operations } from '../../../contract/operations.ts';
import type { SessionView } from '../../../contract/people.ts';
import type { Permission } from '../../../contract/permissions.ts';
import { Store } from '../../shared/store.ts';
import { Client, type Fetch } from './client.ts';
import { Problem, toProblem } from './problem.ts';

/**
 * Who sits before the page.
 *
 *   starting ──▶ signed-out ⇄ signed-in ⇄ expired
 *      └──▶ unreachable
 *
 * `expired` shows the sign-in over the page, so that nothing typed there is lost.
 */
export type SessionPhase = 'starting' | 'unreachable' | 'signed-out' | 'signed-in' | 'expired';

export interface SessionState {
  readonly phase: SessionPhase;
  readonly view: SessionView | undefined;
}

export interface Credentials {
  readonly login: string;
  readonly password: string;
  readonly code?: string;
}

export interface FirstAdministrator {
  readonly setupCode: string;
  readonly login: string;
  readonly name: string;
  readonly password: string;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (problem: Problem) => void;
}

/** Signing in, out and in again; everybody whose request met an ended session waits here. */
export class Session {
  readonly store = new Store<SessionState>({ phase: 'starting', view: undefined });
  readonly client: Client;
  #waiting: Waiting[] = [];

  constructor(fetch: Fetch) {
    this.client = new Client(fetch, {
      csrfToken: () => this.store.get().view?.csrfToken,
      renew: () => this.#renewed(),
      refresh: () => this.load(),
    });
  }

  /** Asks who is signed in. */
  async load(): Promise<void> {
    try {
      this.#take(await this.client.call(operations.getSession));
    } catch (thrown) {
      const { phase } = this.store.get();
      if (phase === 'starting') this.store.set({ phase: 'unreachable' });
      else throw toProblem(thrown);
    }
  }

  /** @throws Problem `second-factor-required` when a code is to be asked for */
  async signIn(credentials: Credentials): Promise<void> {
    this.#take(await this.client.call(operations.signIn, { body: credentials }));
  }

  async setUp(first: FirstAdministrator): Promise<void> {
    this.#take(await this.client.call(operations.setUp, { body: first }));
  }

  async signOut(): Promise<void> {
    await this.client.call(operations.signOut).catch(() => undefined); // it is over on this side
    this.#giveUp();
    await this.load();
  }

  /** The session is over, as the gateway told by an answer or over the socket. */
  expire(): void {
    if (this.store.get().phase === 'signed-in') this.store.set({ phase: 'expired' });
  }

  /** Leaves the page's work and goes to the sign-in. */
  abandon(): void {
    this.#giveUp();
    this.store.set({ phase: 'signed-out', view: undefined });
  }

  can(permission: Permission): boolean {
    return this.store.get().view?.permissions.includes(permission) ?? false;
  }

  #take(view: SessionView): void {
    const before = this.store.get();
    const isIn = view.user !== undefined;
    if (before.phase === 'expired' && !isIn) return this.store.set({ view });
    this.store.set({ view, phase: isIn ? 'signed-in' : 'signed-out' });
    if (!isIn) return;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  #renewed(): Promise<void> {
    this.expire();
    if (this.store.get().phase !== 'expired') return Promise.reject(new Problem('auth-required'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  #giveUp(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new Problem('auth-required'));
  }
}
