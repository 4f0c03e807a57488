import pino from 'pino';
import type { PromptId } from '../../src/calls/menu/prompts.ts';
import { loadPrompts } from '../../src/prompts/index.ts';
import { encodeSlate } from '../../src/stage/encode/slate.ts';
import { nalType } from '../../src/stage/rtp/h264.ts';
import { parseRtp, type RtpPacket } from '../../src/stage/rtp/packet.ts';
import { firstPicture } from '../integration/stage/decode.ts';
import { CORE_HOST } from '../support/bed/namespaces.ts';
import { encodeMovingPicture, type Frame } from '../support/sip-phone/moving-picture.ts';
import { type CodecMedia, RoomCodec } from '../support/sip-phone/room-codec.ts';
import { speech } from '../support/sip-phone/sound.ts';
import type { TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import { passwordOf } from './district.ts';

const PICTURE = { width: 640, height: 360, fps: 25, bitrateBps: 300_000, durationSec: 4 };
const [WIDTH, HEIGHT] = [640, 360];
const PLAY_INTERVAL_MS = 5;
/** Mean of all points, of 255. */
const ALIKE = 2;

/** The site whose codec calls, and its username. */
export const MENU_SITE = 'Xã Đắk Wer';
const USERNAME = 'dak-wer';

export const prompts = loadPrompts(pino({ level: 'silent' }));

/** The site, with a number that can be dialled. */
export function addMenuSite(system: TestSystem): Promise<unknown> {
  const endpoints = [{ sipUsername: USERNAME, sipPassword: passwordOf(USERNAME) }];
  return system.api('/sites', {
    method: 'POST',
    body: { name: MENU_SITE, number: '2001', endpoints },
  });
}

/** Room codecs whose camera sees red and before which somebody speaks; play until closed. */
export class Callers {
  readonly #system: TestSystem;
  readonly #player: NodeJS.Timeout;
  readonly #codecs: RoomCodec[] = [];
  readonly #frames: Frame[] = encodeMovingPicture({ ...PICTURE, colour: 'red' });

  constructor(system: TestSystem) {
    this.#system = system;
    this.#player = setInterval(() => {
      for (const codec of this.#codecs) codec.play(performance.now());
    }, PLAY_INTERVAL_MS);
  }

  /** The codec of `MENU_SITE`, registered; one of another username does not register. */
  async open(media: Partial<CodecMedia> = {}, username = USERNAME): Promise<RoomCodec> {
    const server = { host: CORE_HOST, port: this.#system.settings.sip.port };
    const account = { username, password: passwordOf(username) };
    const codec = await RoomCodec.open(
      { ...account, host: CORE_HOST, server },
      { frames: this.#frames, fps: PICTURE.fps, audio: speech(), ...media },
    );
    this.#codecs.push(codec);
    if (username === USERNAME) await codec.phone.register();
    return codec;
  }

  async hangUp(): Promise<void> {
    for (const codec of this.#codecs.splice(0)) {
      await codec.hangUp();
      codec.close();
    }
  }

  close(): void {
    clearInterval(this.#player);
  }
}

/** What a codec got, from a moment on. */
export class Reception {
  readonly audio: RtpPacket[] = [];
  readonly video: RtpPacket[] = [];

  constructor(codec: RoomCodec) {
    for (const kind of ['audio', 'video'] as const)
      codec[kind].onPacket = data => {
        const packet = parseRtp(Buffer.from(data));
        if (packet) this[kind].push(packet);
      };
  }

  /** Waits until the screen shows a prompt. */
  async shows(id: PromptId, title = prompts[id].title): Promise<void> {
    const expected = await drawn(title, prompts[id].lines);
    await waitFor(
      `the screen to say ${title}`,
      async () => difference(await this.#picture(), expected) < ALIKE,
    );
  }

  /** The newest picture that is whole, in shades of grey. */
  async #picture(): Promise<Buffer> {
    const isStart = ({ payload }: RtpPacket) => nalType(payload) === 7;
    return firstPicture(this.video.slice(this.video.findLastIndex(isStart)), WIDTH, HEIGHT);
  }
}

/** How a prompt looks on a hall's screen. */
async function drawn(title: string, lines: readonly string[]): Promise<Buffer> {
  const size = { width: WIDTH, height: HEIGHT, level: '2.2' };
  const { pictures } = await encodeSlate({ title, lines }, size);
  const packets = (pictures[0] ?? []).map((payload, seq) => ({ payload, seq }) as RtpPacket);
  return firstPicture(packets, WIDTH, HEIGHT);
}

/** Mean difference of two pictures, 0 to 255. */
function difference(a: Buffer, b: Buffer): number {
  if (a.length === 0 || a.length !== b.length) return 255;
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}
