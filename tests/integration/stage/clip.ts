import { execFileSync } from 'node:child_process';
import { nalType, splitAnnexB } from '../../../src/stage/rtp/h264.ts';
import { COLOURS, type ColourName } from '../../support/picture.ts';

/** Pictures of an H.264 stream, each as its NAL units; the first is a key frame with SPS and PPS. */
export type Clip = readonly (readonly Buffer[])[];

export interface ClipOptions {
  readonly size?: string;
  /** Slices of at most 1200 bytes, as packetization-mode 0 needs them; else one slice. */
  readonly sliced?: boolean;
  /** A first picture of some 30 kB, and hardly anything after it. */
  readonly largeKeyframe?: boolean;
  /** `lively` is hard to encode; `clean` has no noise, and `still` no moving bar either. */
  readonly look?: 'lively' | 'noisy' | 'clean' | 'still';
  /** Shape of a pixel, `12/11`; square when not said, and `0` says nothing of it in the stream. */
  readonly pixelAspect?: string;
  readonly seconds?: number;
  /** No IDR but the first picture: each second the picture is renewed column by column. */
  readonly isGradual?: boolean;
}

const AUD = 9;
const FPS = 25;
const SECONDS = 4;
const CONSTANT_QUALITY = ['-qp', '36', '-g', String(SECONDS * FPS)];
const BLACK = [0, 0, 0] as const;

const made = new Map<string, Clip>();

/** The same clip is made once in a process. @see draw */
export function colourClip(colour: ColourName | 'black', options: ClipOptions = {}): Clip {
  const key = JSON.stringify([colour, options]);
  const clip = made.get(key) ?? draw(colour, options);
  made.set(key, clip);
  return clip;
}

/** A picture of one colour with a white bar that moves below, 25 a second, a key frame every two seconds. */
function draw(colour: ColourName | 'black', options: ClipOptions): Clip {
  const { size = '640x360', sliced = false, look = 'noisy', pixelAspect = '1' } = options;
  const { largeKeyframe = false, isGradual = false } = options;
  const rgb = colour === 'black' ? BLACK : COLOURS[colour];
  const hex = rgb.map(value => value.toString(16).padStart(2, '0')).join('');
  const source = `color=c=0x${hex}:s=${size}:r=${FPS}:d=${options.seconds ?? SECONDS}`;
  const noise = largeKeyframe ? 'noise=alls=20' : 'noise=alls=6:allf=t'; // so that pictures take several packets
  const snow = `noise=alls=50:allf=t`;
  const rate = look === 'lively' ? '3000k' : '500k';
  const bar = `drawbox=x='mod(t,4)*80':y=ih*0.8:w=40:h=20:c=white:t=fill`;
  const drawn = { lively: [snow, bar], noisy: [noise, bar], clean: [bar], still: [] }[look];
  const filters = [...drawn, `setsar=${pixelAspect}`];
  const stream = execFileSync(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', source, '-vf', filters.join()],
      ...[
        '-c:v',
        'libx264',
        '-profile:v',
        'baseline',
        '-preset',
        'veryfast',
        '-tune',
        'zerolatency',
      ],
      ...(largeKeyframe
        ? CONSTANT_QUALITY
        : [
            '-b:v',
            rate,
            '-maxrate',
            rate,
            '-bufsize',
            '250k',
            '-g',
            String(isGradual ? FPS : 2 * FPS),
          ]),
      ...['-pix_fmt', 'yuv420p', '-x264-params', params(sliced, isGradual), '-f', 'h264', '-'],
    ],
    { maxBuffer: 2 ** 26 },
  );
  return pictures(splitAnnexB(stream));
}

function params(sliced: boolean, isGradual: boolean): string {
  const more = [
    ...(sliced ? ['slice-max-size=1200'] : []),
    ...(isGradual ? ['intra-refresh=1'] : []),
  ];
  return ['aud=1:sliced-threads=0:threads=1', ...more].join(':');
}

function pictures(nals: readonly Buffer[]): Clip {
  const clip: Buffer[][] = [];
  for (const nal of nals) {
    if (nalType(nal) === AUD) clip.push([]);
    else clip.at(-1)?.push(nal);
  }
  return clip;
}
