import type { VideoCodec } from '../../../src/stage/rtp/payload/access-unit.ts';
import type { ColourName } from '../../support/picture.ts';
import type { CutClip } from './camera.ts';
import { sentByFfmpeg } from './foreign.ts';

const PICTURES = 30;
const made = new Map<string, Promise<CutClip>>();

/** A clip as FFmpeg encodes it and cuts it into payloads; the same is made once in a process. */
export function cutClip(
  codec: VideoCodec,
  colour: ColourName,
  size: string,
  args: readonly string[],
): Promise<CutClip> {
  const key = JSON.stringify([codec, colour, size, args]);
  const clip = made.get(key) ?? make(codec, colour, size, args);
  made.set(key, clip);
  return clip;
}

async function make(
  codec: VideoCodec,
  colour: ColourName,
  size: string,
  args: readonly string[],
): Promise<CutClip> {
  const { packets } = await sentByFfmpeg({ colour, size, pictures: PICTURES }, codec, args);
  return [...Map.groupBy(packets, ({ timestamp }) => timestamp).values()].map(picture =>
    picture.map(({ payload }) => payload),
  );
}
