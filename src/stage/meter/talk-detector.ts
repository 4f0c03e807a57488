/**
 * Tells talk from quiet by the level of each packet.
 *
 * The floor follows the room's own noise: down at once, up slowly, never above
 * `MAX_FLOOR_DBOV`, so that a loud voice is talk however long it lasts. Talk is
 * what stands out of the floor for a while; quiet is what has not for longer.
 */

const PACKET_MS = 20;
/** Nothing below this is talk, however quiet the room. */
const MIN_TALK_DBOV = -50;
const ABOVE_FLOOR_DB = 9;
const MAX_FLOOR_DBOV = -42;
const FLOOR_RISE_DB_PER_PACKET = 0.04; // 2 dB a second
/** So much of the last window must stand out to begin, and so long must nothing to end. */
const WINDOW_PACKETS = 10;
const BEGIN_PACKETS = 6;
const END_MS = 800;

export class TalkDetector {
  readonly #onChange: (talking: boolean) => void;
  readonly #window: boolean[] = [];
  #floorDbov = MAX_FLOOR_DBOV;
  #quietMs = 0;
  #talking = false;

  constructor(onChange: (talking: boolean) => void) {
    this.#onChange = onChange;
  }

  get talking(): boolean {
    return this.#talking;
  }

  /** One packet of 20 ms; -127 is digital silence. */
  packet(levelDbov: number): void {
    const standsOut = levelDbov > Math.max(MIN_TALK_DBOV, this.#floorDbov + ABOVE_FLOOR_DB);
    const risen = Math.min(this.#floorDbov + FLOOR_RISE_DB_PER_PACKET, MAX_FLOOR_DBOV);
    this.#floorDbov = Math.min(Math.max(levelDbov, -90), risen);
    this.#window.push(standsOut);
    if (this.#window.length > WINDOW_PACKETS) this.#window.shift();
    if (standsOut) this.#quietMs = 0;
    else this.quiet(PACKET_MS);
    const loud = this.#window.filter(Boolean).length;
    if (!this.#talking && loud >= BEGIN_PACKETS) this.#change(true);
  }

  /** Time without a packet counts as quiet: the device sends none, or none came through. */
  quiet(durationMs: number): void {
    this.#quietMs += durationMs;
    if (this.#talking && this.#quietMs >= END_MS) this.#change(false);
  }

  #change(talking: boolean): void {
    this.#talking = talking;
    this.#window.length = 0;
    this.#onChange(talking);
  }
}
