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
}

const AUD = 9;
const FPS = 25;
const SECONDS = 4;
const CONSTANT_RATE = [
  ...['-b:v', '500k', '-maxrate', '500k', '-bufsize', '250k'],
  ...['-g', String(2 * FPS)],
];
const CONSTANT_QUALITY = ['-qp', '36', '-g', String(SECONDS * FPS)];

/** A picture of one colour with a white bar that moves below, 25 a second, a key frame every two seconds. */
export function colourClip(colour: ColourName, options: ClipOptions = {}): Clip {
  const { size = '640x360', sliced = false, largeKeyframe = false } = options;
  const hex = COLOURS[colour].map(value => value.toString(16).padStart(2, '0')).join('');
  const source = `color=c=0x${hex}:s=${size}:r=${FPS}:d=${SECONDS}`;
  const noise = largeKeyframe ? 'noise=alls=20' : 'noise=alls=6:allf=t'; // so that pictures take several packets
  const bar = `drawbox=x='mod(t,4)*80':y=ih*0.8:w=40:h=20:c=white:t=fill`;
  const stream = execFileSync(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', source, '-vf', `${noise},${bar}`],
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
      ...(largeKeyframe ? CONSTANT_QUALITY : CONSTANT_RATE),
      ...['-pix_fmt', 'yuv420p', '-x264-params', params(sliced), '-f', 'h264', '-'],
    ],
    { maxBuffer: 2 ** 26 },
  );
  return pictures(splitAnnexB(stream));
}

function params(sliced: boolean): string {
  return `aud=1:sliced-threads=0:threads=1${sliced ? ':slice-max-size=1200' : ''}`;
}

function pictures(nals: readonly Buffer[]): Clip {
  const clip: Buffer[][] = [];
  for (const nal of nals) {
    if (nalType(nal) === AUD) clip.push([]);
    else clip.at(-1)?.push(nal);
  }
  return clip;
}
