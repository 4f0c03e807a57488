import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BaresipProfile, writeBaresipConfig } from '../../src/engines/baresip-config.ts';
import { Cleanup } from '../../src/util/cleanup.ts';
import { addPhone, CORE_HOST, removePhone } from './bed/namespaces.ts';
import { bedOwner, type Placed, startIn } from './bed/place.ts';
import { encodeNetstring, NetstringReader } from './netstring.ts';
import { type ColourName, colourVideo, nearestColour, pngColour } from './picture.ts';
import { analyseTone, type ToneAnalysis } from './tone.ts';
import { waitFor } from './wait-for.ts';

export interface BaresipOptions {
  readonly username: string;
  readonly password: string;
  readonly transport?: 'udp' | 'tcp';
  /** In our words; the first is preferred. */
  readonly audioCodecs?: readonly ('pcma' | 'pcmu' | 'g722' | 'opus')[];
  /** The colour its camera sees. */
  readonly colour: ColourName;
  /** What its microphone hears. */
  readonly toneHz: number;
  readonly serverPort?: number;
  /** False leaves it unregistered; it can be dialled at its host all the same. */
  readonly registers?: boolean;
  /** False lets it ring until `accept`. */
  readonly answers?: boolean;
}

/** A Debian baresip in the hall: a real room codec as far as SIP and media go. */
export interface Baresip {
  /** Its own address. */
  readonly host: string;
  /** Resolves when the server took the registration. */
  registered(): Promise<void>;
  /** Dials a number at the system, or a `sip:` URI; resolves when the call is established. */
  dial(target: string): Promise<void>;
  hangup(): Promise<void>;
  /** Takes the call that rings; resolves when it is established. */
  accept(): Promise<void>;
  /** Resolves when the call has ended, from whichever side. */
  ended(): Promise<void>;
  /** The tone it heard in the last half second. @throws Error before enough is heard */
  heard(): ToneAnalysis;
  /** The colour it sees now: a decoded picture taken from its display. */
  sees(): Promise<ColourName | 'black' | 'grey'>;
  /** A decoded picture of now, as a PNG file that lives until `close`. */
  snapshot(): Promise<string>;
  /** What it speaks in the last call, like `PCMA`; undefined before there is one. */
  audioCodec(): string | undefined;
  /** How often something happened, like `CALL_ESTABLISHED`. */
  count(event: string): number;
  output(): string;
  /** Ends it and removes its folder. May be called twice. */
  close(): Promise<void>;
}

/** baresip's names; without clock rate and channels G.722 and Opus are not found. */
const CODEC_NAMES = {
  pcma: 'PCMA/8000/1',
  pcmu: 'PCMU/8000/1',
  g722: 'G722/16000/1',
  opus: 'opus/48000/2',
} as const;
const SIP_PORT = 5060;
const CONTROL_PORT = 4444;
const REGISTRATION_SEC = 600;

/** Starts a phone on a host of its own in the hall; the caller closes it. It registers at once. */
export async function startBaresip(options: BaresipOptions): Promise<Baresip> {
  const cleanup = new Cleanup();
  const folder = mkdtempSync(join(tmpdir(), 'baresip-'));
  cleanup.add('folder', () => rmSync(folder, { recursive: true, force: true }));
  const { place, host } = addPhone(bedOwner());
  cleanup.add('host', () => removePhone(bedOwner(), place));
  writeBaresipConfig(profile(options, folder, host));
  const placed = startIn(place, 'baresip', ['-4', '-f', folder], { cwd: folder });
  cleanup.add('baresip', () => placed.stop());
  try {
    const control = await waitFor('baresip to take commands', () => Control.open(host));
    cleanup.add('control', () => control.close());
    const serverPort = options.serverPort ?? SIP_PORT;
    return new RunningBaresip({ folder, host, serverPort, placed, control, cleanup });
  } catch (err) {
    await cleanup.close();
    throw new Error(`baresip does not start:\n${placed.output()}`, { cause: err });
  }
}

function profile(options: BaresipOptions, folder: string, localHost: string): BaresipProfile {
  return {
    folder,
    localHost,
    sipPort: SIP_PORT,
    controlPort: CONTROL_PORT,
    account: {
      username: options.username,
      password: options.password,
      serverHost: CORE_HOST,
      serverPort: options.serverPort ?? SIP_PORT,
      transport: options.transport ?? 'udp',
      registrationSec: options.registers === false ? 0 : REGISTRATION_SEC,
      audioCodecs: (options.audioCodecs ?? ['pcma']).map(codec => CODEC_NAMES[codec]),
    },
    toneHz: options.toneHz,
    videoFile: colourVideo(options.colour, 'mp4'),
    record: true,
    answers: options.answers !== false,
    redials: false,
  };
}

interface Parts {
  readonly folder: string;
  readonly host: string;
  readonly serverPort: number;
  readonly placed: Placed;
  readonly control: Control;
  readonly cleanup: Cleanup;
}

class RunningBaresip implements Baresip {
  readonly host: string;
  readonly #parts: Parts;
  #snapshots = 0;

  constructor(parts: Parts) {
    this.host = parts.host;
    this.#parts = parts;
  }

  async registered(): Promise<void> {
    // Its output, not an event: it may have registered before anybody listened to events.
    await waitFor('the registration', () => / 200 OK .*\[\d+ binding/.test(this.output()));
  }

  async dial(target: string): Promise<void> {
    const before = this.count('CALL_ESTABLISHED');
    const atSystem = `sip:${target}@${CORE_HOST}:${this.#parts.serverPort}`;
    this.#parts.control.send('dial', target.startsWith('sip:') ? target : atSystem);
    await this.#waitFor('the call', () => this.count('CALL_ESTABLISHED') > before);
  }

  async hangup(): Promise<void> {
    this.#parts.control.send('hangup');
    await this.ended();
  }

  async accept(): Promise<void> {
    const before = this.count('CALL_ESTABLISHED');
    this.#parts.control.send('accept');
    await this.#waitFor('the call', () => this.count('CALL_ESTABLISHED') > before);
  }

  async ended(): Promise<void> {
    const isOver = () => this.count('CALL_CLOSED') >= this.count('CALL_ESTABLISHED');
    await this.#waitFor('the end', isOver);
  }

  heard(): ToneAnalysis {
    return analyseTone(newestRecording(this.#parts.folder));
  }

  async sees(): Promise<ColourName | 'black' | 'grey'> {
    return nearestColour(pngColour(await this.snapshot()));
  }

  async snapshot(): Promise<string> {
    const file = join(this.#parts.folder, `seen-${this.#snapshots++}.png`);
    this.#parts.control.send('snapshot_recv', file);
    return this.#waitFor('a decoded picture', () => isWholePng(file) && file);
  }

  audioCodec(): string | undefined {
    return [...this.output().matchAll(/Set audio encoder: (\S+)/g)].at(-1)?.[1];
  }

  count(event: string): number {
    return this.#parts.control.events.filter(type => type === event).length;
  }

  output(): string {
    return this.#parts.placed.output();
  }

  /** Like `waitFor`, with what the phone said last in the error. */
  async #waitFor<T>(what: string, look: () => T | undefined | false): Promise<T> {
    try {
      return await waitFor(what, look);
    } catch (err) {
      throw new Error(`${String(err)}; baresip said:\n${this.output().slice(-1500)}`);
    }
  }

  async close(): Promise<void> {
    const failures = await this.#parts.cleanup.close();
    if (failures.length > 0) throw new AggregateError(failures, 'baresip does not stop');
  }
}

/** The newest recording of what was heard. */
function newestRecording(folder: string): string {
  const names = readdirSync(folder).filter(name => /^dump-.*-dec\.wav$/.test(name));
  const newest = names.sort().at(-1);
  if (!newest) throw new Error('nothing recorded');
  return join(folder, newest);
}

/** baresip writes while we look: a whole file ends with the chunk IEND. */
function isWholePng(file: string): boolean {
  return existsSync(file) && readFileSync(file).subarray(-8, -4).toString('latin1') === 'IEND';
}

/** The `ctrl_tcp` module: JSON commands and events in netstrings. */
class Control {
  /** Types of all events so far, in order. */
  readonly events: string[] = [];
  readonly #socket: Socket;
  readonly #reader = new NetstringReader();

  /** Resolves undefined while nobody listens. */
  static open(host: string): Promise<Control | undefined> {
    return new Promise(resolve => {
      const socket = connect({ host, port: CONTROL_PORT });
      socket.once('connect', () => resolve(new Control(socket)));
      socket.once('error', () => resolve(undefined));
    });
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', chunk => this.#receive(chunk));
  }

  send(command: string, params = ''): void {
    this.#socket.write(encodeNetstring(JSON.stringify({ command, params })));
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    for (const text of this.#reader.push(chunk)) {
      const message = JSON.parse(text) as { event?: boolean; type?: string };
      if (message.event && message.type) this.events.push(message.type);
    }
  }
}
