import { expect } from 'vitest';
import type { Page } from '../../src/contract/paging.ts';
import type { LayoutInput } from '../../src/contract/rest.ts';
import type { SiteView } from '../../src/contract/sites.ts';
import { rectanglesFor } from '../../src/stage/layout/rectangles.ts';
import type { TileLayout } from '../../src/stage/layout/types.ts';
import { CORE_HOST } from '../support/bed/namespaces.ts';
import { COLOURS, type ColourName, hexOf, type nearestColour } from '../support/picture.ts';
import type { SeenPicture } from '../support/seen-picture.ts';
import { HallScreen } from '../support/sip-phone/hall-screen.ts';
import { encodeMovingPicture } from '../support/sip-phone/moving-picture.ts';
import { encodeOldPicture, OLD_FPS } from '../support/sip-phone/old-picture.ts';
import { type CodecMedia, RoomCodec } from '../support/sip-phone/room-codec.ts';
import { quietHall } from '../support/sip-phone/sound.ts';
import type { TestSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';
import { addSite, passwordOf } from './district.ts';

const PLAY_INTERVAL_MS = 5;
const PICTURE = { width: 640, height: 360, fps: 25, bitrateBps: 200_000, durationSec: 4 };
const FOLLOW_MS = 20_000;

/** A room codec somebody sits before: with a screen that can be looked at. */
export interface Hall {
  readonly codec: RoomCodec;
  readonly screen: HallScreen;
}

type Seen = ReturnType<typeof nearestColour>;

/** A hall in which nobody speaks, whose camera sees one colour. */
export function quietMedia(
  colour: ColourName,
  { profile = 'baseline' }: Pick<CodecMedia, 'profile'> = {},
): CodecMedia {
  const frames = encodeMovingPicture({ ...PICTURE, colour: hexOf(COLOURS[colour]), profile });
  return { frames, fps: PICTURE.fps, audio: quietHall(), profile };
}

/** The same with a codec that knows nothing but H.263. */
export function oldMedia(colour: ColourName): CodecMedia {
  const frames = encodeOldPicture(colour);
  return { frames, fps: OLD_FPS, audio: quietHall(), videoCodec: 'h263' };
}

/** The light room codecs of a test; plays for all of them until it is closed. */
export class Halls {
  readonly #system: TestSystem;
  readonly #player: NodeJS.Timeout;
  readonly #codecs: RoomCodec[] = [];

  constructor(system: TestSystem) {
    this.#system = system;
    this.#player = setInterval(() => {
      for (const codec of this.#codecs) codec.play(performance.now());
    }, PLAY_INTERVAL_MS);
  }

  /** A site of that name, and its codec, registered. */
  async open(name: string, username: string, media: CodecMedia): Promise<Hall> {
    await addSite(this.#system, name, username);
    const server = { host: CORE_HOST, port: this.#system.settings.sip.port };
    const account = { username, password: passwordOf(username) };
    const codec = await RoomCodec.open({ ...account, host: CORE_HOST, server }, media);
    this.#codecs.push(codec);
    await codec.phone.register();
    return { codec, screen: new HallScreen(codec) };
  }

  async hangUp(): Promise<void> {
    for (const codec of this.#codecs) await codec.hangUp();
  }

  close(): void {
    clearInterval(this.#player);
    for (const codec of this.#codecs) codec.close();
  }
}

/**
 * Waits until a picture has these colours in the tiles of a layout; gives it. In which order
 * small ones lie in a strip depends on who has spoken, and does not count.
 */
export async function showsTiles(
  what: string,
  look: () => Promise<SeenPicture>,
  layout: TileLayout,
  colours: readonly Seen[],
): Promise<SeenPicture> {
  let seen: readonly Seen[] = [];
  const begunMs = performance.now();
  const picture = await waitFor(
    what,
    async () => {
      const now = await look();
      seen = rectanglesFor(layout, colours.length, now).map(rect => now.colourOf(rect));
      return isAlike(layout, seen, colours) && now;
    },
    FOLLOW_MS,
  ).catch(err => {
    expect(seen, what).toEqual(colours);
    throw err;
  });
  report(what, `seen after ${Math.round(performance.now() - begunMs)} ms`);
  return picture;
}

function isAlike(layout: TileLayout, seen: readonly Seen[], wanted: readonly Seen[]): boolean {
  const inOrder = ([large = 'black', ...strip]: readonly Seen[]) => [large, ...strip.toSorted()];
  return layout === 'speaker'
    ? inOrder(seen).join() === inOrder(wanted).join()
    : seen.join() === wanted.join();
}

/** Waits until one picture and no other fills all of it. */
export function showsFull(what: string, look: () => Promise<SeenPicture>, colour: Seen) {
  return waitFor(
    `${what}: nothing but ${colour}`,
    async () => {
      const picture = await look();
      const corner = { x: 0, y: 0, width: picture.width / 4, height: picture.height / 2 };
      const isAll = [corner, picture.all].every(rect => picture.colourOf(rect) === colour);
      return isAll && picture;
    },
    FOLLOW_MS,
  );
}

export async function setLayout(
  system: TestSystem,
  conference: { readonly id: string },
  layout: LayoutInput,
): Promise<void> {
  const path = `/conferences/${conference.id}/layout`;
  expect((await system.api(path, { method: 'PUT', body: layout })).status).toBe(200);
}

export async function siteIdOf(system: TestSystem, name: string): Promise<string> {
  const sites = ((await system.api('/sites?limit=500')).body as Page<SiteView>).items;
  const id = sites.find(site => site.name === name)?.id;
  if (id === undefined) throw new Error(`no site ${name}`);
  return id;
}

/** Figures are printed, never asserted. */
export function report(what: string, figure: string): void {
  process.stdout.write(`    ${what}: ${figure}\n`);
}
