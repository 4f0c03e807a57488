import { isPin } from '../../conferences/pin.ts';
import type { Conference } from '../../domain/conference.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { Keypad } from '../keypad.ts';
import type { Clock } from '../ports.ts';
import { Entry } from './entry.ts';
import { durationMs, type PromptId, type Prompts } from './prompts.ts';

/** How the menu reaches the hall. */
export interface Lobby {
  /** Shows and says this instead of what was shown and said. */
  tell(title: string, lines: readonly string[], pcm: Buffer): void;
  /** Changes what is shown; what is being said goes on. */
  show(title: string, lines: readonly string[]): void;
  /** Says nothing more. */
  hush(): void;
}

export interface VoiceMenuDeps {
  readonly prompts: Prompts;
  readonly clock: Clock;
  readonly lobby: Lobby;
  readonly keypad: Keypad;
  /** The conference a number means. */
  readonly findConference: (number: string) => Promise<Conference | undefined>;
  /** Told of each wrong PIN. */
  readonly onWrongPin: () => void;
}

/** Where the caller wants to go, as far as it is known. */
export interface Destination {
  readonly conference: Conference | undefined;
  /** What the caller dialled means nothing: it is told so. */
  readonly isWrong?: boolean;
  /** Whether its PIN is to be asked for. */
  readonly asksPin: (conference: Conference) => boolean;
}

const MAX_TRIES = 3;
/** Silence after what was said, until it is said again. */
const PATIENCE_MS = 10_000;
/** After the last key, for who does not press `#`. */
const PAUSE_MS = 4_000;
const MAX_LENGTH = 12;

/**
 * Asks a caller for the conference and its PIN, as far as they are wanted.
 *
 * @throws GatewayError `conference-not-found` and `pin-wrong` after three tries, `menu-unanswered` when no key comes
 */
export class VoiceMenu {
  readonly #deps: VoiceMenuDeps;

  constructor(deps: VoiceMenuDeps) {
    this.#deps = deps;
  }

  async run(destination: Destination, signal: AbortSignal): Promise<Conference> {
    try {
      const first = destination.isWrong ? 'unknown-number' : 'enter-number';
      const conference = destination.conference ?? (await this.#askConference(first, signal));
      const { pinHash } = conference;
      if (pinHash !== undefined && destination.asksPin(conference))
        await this.#askPin(pinHash, signal);
      this.#tell('entering');
      return conference;
    } catch (err) {
      if (err instanceof GatewayError) await this.#sayGoodbye(signal);
      throw err;
    }
  }

  async #askConference(first: PromptId, signal: AbortSignal): Promise<Conference> {
    let prompt = first;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const number = await this.#ask(prompt, typed => typed, signal);
      const conference = await this.#deps.findConference(number);
      if (conference) return conference;
      prompt = 'unknown-number';
    }
    throw new GatewayError('conference-not-found', 'no conference has the number that was typed');
  }

  async #askPin(pinHash: string, signal: AbortSignal): Promise<void> {
    let prompt: PromptId = 'enter-pin';
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const pin = await this.#ask(prompt, typed => '•'.repeat(typed.length), signal);
      if (await isPin(pin, pinHash)) return;
      this.#deps.onWrongPin();
      prompt = 'wrong-pin';
    }
    throw new GatewayError('pin-wrong', 'wrong PIN three times');
  }

  /** Says it until a key comes; gives what was typed. @param shown how what is typed looks on the screen */
  async #ask(id: PromptId, shown: (typed: string) => string, signal: AbortSignal): Promise<string> {
    const prompt = this.#deps.prompts[id];
    const { lobby, clock, keypad } = this.#deps;
    const patienceMs = durationMs(prompt) + PATIENCE_MS;
    const rules = { pauseMs: PAUSE_MS, patienceMs, maxLength: MAX_LENGTH };
    for (let times = 0; times < MAX_TRIES; times++) {
      const entry = new Entry(rules, clock, typed => {
        lobby.hush();
        lobby.show(typed ? shown(typed) : prompt.title, prompt.lines);
      });
      const stop = keypad.onKey(key => entry.press(key));
      try {
        this.#tell(id);
        const typed = await entry.read(signal);
        if (typed !== undefined) return typed;
      } finally {
        stop();
      }
    }
    throw new GatewayError('menu-unanswered', 'nobody pressed a key');
  }

  async #sayGoodbye(signal: AbortSignal): Promise<void> {
    this.#tell('goodbye');
    await this.#deps.clock.sleep(durationMs(this.#deps.prompts.goodbye), signal);
  }

  #tell(id: PromptId): void {
    const { title, lines, pcm } = this.#deps.prompts[id];
    this.#deps.lobby.tell(title, lines, pcm);
  }
}
