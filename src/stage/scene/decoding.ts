import type { Composer } from '../compose/composer.ts';
import type { CameraCodec } from '../compose/protocol.ts';
import type { VideoCodec } from '../rtp/payload/access-unit.ts';
import { depacketizerFor } from '../rtp/payload/depacketizer.ts';
import type { Source } from './source.ts';

const CAMERA_CODECS: Record<VideoCodec, CameraCodec> = {
  h264: 'h264',
  vp8: 'vp8',
  h263: 'h263',
  'h263-1998': 'h263',
  h261: 'h261',
};

interface Decoded {
  readonly source: Source;
  readonly codec: VideoCodec;
  readonly stop: () => void;
}

/** Which cameras of a scene are decoded: those that somebody sees, and no other. */
export class Decoding {
  readonly #composer: () => Composer;
  readonly #decoded = new Map<string, Decoded>();

  constructor(composer: () => Composer) {
    this.#composer = composer;
  }

  isDecoded(sourceId: string): boolean {
    return this.#decoded.has(sourceId);
  }

  /** Begins with those that are new, ends with those that are not wanted any more. */
  settle(wanted: ReadonlySet<Source>): void {
    for (const [id, { source, codec }] of this.#decoded)
      if (!wanted.has(source) || source.codec !== codec) this.#stop(id);
    for (const source of wanted) if (!this.#decoded.has(source.id)) this.#start(source);
  }

  close(): void {
    for (const id of [...this.#decoded.keys()]) this.#stop(id);
  }

  #start(source: Source): void {
    const { id, codec } = source;
    const composer = this.#composer();
    const depacketizer = depacketizerFor(codec);
    composer.openSource(id, CAMERA_CODECS[codec]);
    const stop = source.listen(packet => {
      for (const unit of depacketizer.push(packet)) composer.decode(id, unit);
    });
    this.#decoded.set(id, { source, codec, stop });
    source.requestKeyframe();
  }

  #stop(id: string): void {
    this.#decoded.get(id)?.stop();
    this.#decoded.delete(id);
    this.#composer().closeSource(id);
  }
}
