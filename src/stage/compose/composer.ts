import { nowMs } from '../clock.ts';
import type { AccessUnit } from '../rtp/payload/access-unit.ts';
import type {
  CameraCodec,
  CanvasSpec,
  CodedPicture,
  DecodedFacts,
  FromWorker,
  Jpeg,
  Painting,
  ToWorker,
} from './protocol.ts';
import type { ComposingThread } from './thread.ts';

export interface ComposerEvents {
  /** A camera cannot be decoded further without a key frame. */
  readonly onBroken: (sourceId: string) => void;
  /** Once a second: how the cameras were that are decoded. */
  readonly onSecond: (facts: readonly DecodedFacts[]) => void;
  readonly onCanvasFailed: (reason: string) => void;
}

export interface ComposedPicture {
  readonly data: Uint8Array<ArrayBuffer>;
  /** Where macroblocks begin, H.263 alone. */
  readonly macroblocks?: Uint8Array<ArrayBuffer>;
  /** 90 kHz, from the canvas' first picture. */
  readonly timestamp: number;
  readonly isKeyframe: boolean;
  readonly composedAtMs: number;
  /** Grows when the encoder was opened anew: times before and after have nothing in common. */
  readonly epoch: number;
  /** Of the painting it shows, as `paint` gave it; 0 is the first. */
  readonly revision: number;
}

/** A canvas as the main thread holds it; whoever opened it closes it. */
export interface ComposedCanvas {
  readonly spec: CanvasSpec;
  /** Pictures encoded in the last second. */
  readonly fps: number;
  /** Its encoder failed, and has given nothing since. */
  readonly isFailing: boolean;
  /** Gives the painting's number; pictures of earlier ones may be under way still. */
  paint(painting: Painting): number;
  requestKeyframe(): void;
  close(): void;
}

interface OpenCanvas {
  readonly spec: CanvasSpec;
  painting: Painting;
  revision: number;
  readonly onPicture: (picture: ComposedPicture) => void;
  fps: number;
  isFailing: boolean;
  epoch: number;
}

/** Longer than a camera takes to answer a few requests for a key frame, and shorter than anybody waits for us. */
const SNAPSHOT_TIMEOUT_MS = 2_200;
/** The thread may end before it answers. */
const THREAD_TIMEOUT_MS = 2_600;

/** An encoder that failed is opened anew after this. */
const CANVAS_RETRY_MS = 2_000;

/** One scene's cameras and canvases at a composing thread; all of it ends with `close`. */
export class Composer {
  readonly #id: string;
  readonly #thread: ComposingThread;
  readonly #events: ComposerEvents;
  readonly #leave: () => void;
  readonly #sources = new Map<string, CameraCodec>();
  readonly #canvases = new Map<number, OpenCanvas>();
  readonly #snapshots = new Map<number, (jpeg: Jpeg | undefined) => void>();

  /** @param id nobody else's at this thread */
  constructor(id: string, thread: ComposingThread, events: ComposerEvents) {
    this.#id = id;
    this.#thread = thread;
    this.#events = events;
    this.#leave = thread.join({
      onMessage: message => this.#onMessage(message),
      onRestarted: () => this.#reopen(),
    });
  }

  /** Cameras that are decoded. */
  get decoders(): number {
    return this.#sources.size;
  }

  /** Decodes a camera from its next key frame on, which is asked for by `onBroken`. */
  openSource(sourceId: string, codec: CameraCodec): void {
    this.#sources.set(sourceId, codec);
    this.#thread.send({ kind: 'source.open', sourceId: this.#named(sourceId), codec });
  }

  /** Takes the unit's memory. */
  decode(sourceId: string, { data, isKeyframe, isWhole, followsLoss }: AccessUnit): void {
    if (!this.#sources.has(sourceId)) return;
    const bytes = new Uint8Array(data); // its own buffer, which can be given away
    const takenAtMs = nowMs();
    const picture: CodedPicture = { data: bytes, isKeyframe, isWhole, followsLoss, takenAtMs };
    const order = { kind: 'source.picture', sourceId: this.#named(sourceId), picture } as const;
    this.#thread.sendPicture(order);
  }

  closeSource(sourceId: string): void {
    this.#sources.delete(sourceId);
    this.#thread.send({ kind: 'source.close', sourceId: this.#named(sourceId) });
  }

  openCanvas(
    spec: CanvasSpec,
    painting: Painting,
    onPicture: (picture: ComposedPicture) => void,
  ): ComposedCanvas {
    const canvasId = this.#thread.newId();
    const open: OpenCanvas = {
      spec,
      painting,
      revision: 0,
      onPicture,
      fps: 0,
      isFailing: false,
      epoch: 0,
    };
    this.#canvases.set(canvasId, open);
    this.#open(canvasId, open);
    const send = (order: ToWorker) => {
      if (this.#canvases.has(canvasId)) this.#thread.send(order);
    };
    return {
      spec,
      get fps() {
        return open.fps;
      },
      get isFailing() {
        return open.isFailing;
      },
      paint: next => {
        open.painting = next;
        const revision = ++open.revision;
        send({ kind: 'canvas.paint', canvasId, painting: this.#withNames(next), revision });
        return revision;
      },
      requestKeyframe: () => send({ kind: 'canvas.keyframe', canvasId }),
      close: () => {
        send({ kind: 'canvas.close', canvasId });
        this.#canvases.delete(canvasId);
      },
    };
  }

  /** What a camera gives now; undefined when no picture comes in time. It has to be open. */
  snapshot(sourceId: string, maxWidth: number): Promise<Jpeg | undefined> {
    return this.#snapshot({ sourceId: this.#named(sourceId) }, maxWidth);
  }

  /** What a canvas of this composer shows. */
  snapshotOf(canvas: ComposedCanvas, maxWidth: number): Promise<Jpeg | undefined> {
    for (const [canvasId, { spec }] of this.#canvases)
      if (spec === canvas.spec) return this.#snapshot({ canvasId }, maxWidth);
    return Promise.resolve(undefined);
  }

  close(): void {
    for (const sourceId of [...this.#sources.keys()]) this.closeSource(sourceId);
    for (const canvasId of this.#canvases.keys())
      this.#thread.send({ kind: 'canvas.close', canvasId });
    this.#canvases.clear();
    this.#leave();
    for (const done of this.#snapshots.values()) done(undefined);
    this.#snapshots.clear();
  }

  #snapshot(
    of: { readonly sourceId: string } | { readonly canvasId: number },
    maxWidth: number,
  ): Promise<Jpeg | undefined> {
    const requestId = this.#thread.newId();
    const timeoutMs = SNAPSHOT_TIMEOUT_MS;
    return new Promise(resolve => {
      const timer = setTimeout(() => done(undefined), THREAD_TIMEOUT_MS);
      const done = (jpeg: Jpeg | undefined) => {
        clearTimeout(timer);
        this.#snapshots.delete(requestId);
        resolve(jpeg);
      };
      this.#snapshots.set(requestId, done);
      this.#thread.send({ kind: 'snapshot', requestId, of, maxWidth, timeoutMs });
    });
  }

  #onMessage(message: FromWorker): void {
    switch (message.kind) {
      case 'canvas.picture':
        return this.#onPicture(message);
      case 'canvas.failed':
        return this.#onCanvasFailed(message);
      case 'source.broken':
        return this.#onBroken(message.sourceId);
      case 'second':
        return this.#onSecond(message);
      case 'snapshot':
        return this.#snapshots.get(message.requestId)?.(message.jpeg);
      case 'trouble':
        return; // the thread has logged it
    }
  }

  #onPicture(message: Extract<FromWorker, { kind: 'canvas.picture' }>): void {
    const canvas = this.#canvases.get(message.canvasId);
    if (!canvas) return;
    canvas.isFailing = false;
    canvas.onPicture({ ...message, epoch: canvas.epoch });
  }

  /** It is opened anew in a while: what sees it has a picture that stands until then. */
  #onCanvasFailed({ canvasId, reason }: Extract<FromWorker, { kind: 'canvas.failed' }>): void {
    const canvas = this.#canvases.get(canvasId);
    if (!canvas) return;
    this.#events.onCanvasFailed(reason);
    canvas.isFailing = true;
    canvas.epoch += 1;
    const { epoch } = canvas;
    const timer = setTimeout(() => {
      const isStillFailed = canvas.epoch === epoch; // else the thread was started anew, with this too
      if (isStillFailed && this.#canvases.has(canvasId)) this.#open(canvasId, canvas);
    }, CANVAS_RETRY_MS);
    timer.unref();
  }

  #onBroken(name: string): void {
    const sourceId = this.#unnamed(name);
    if (sourceId !== undefined && this.#sources.has(sourceId)) this.#events.onBroken(sourceId);
  }

  #onSecond({ sources, canvases }: Extract<FromWorker, { kind: 'second' }>): void {
    for (const { canvasId, fps } of canvases) {
      const canvas = this.#canvases.get(canvasId);
      if (canvas) canvas.fps = fps;
    }
    const ours = sources.flatMap(facts => {
      const sourceId = this.#unnamed(facts.sourceId);
      return sourceId === undefined ? [] : [{ ...facts, sourceId }];
    });
    this.#events.onSecond(ours);
  }

  /** The thread was started anew. */
  #reopen(): void {
    for (const [sourceId, codec] of this.#sources) {
      this.openSource(sourceId, codec);
      this.#events.onBroken(sourceId);
    }
    for (const [canvasId, canvas] of this.#canvases) {
      canvas.epoch += 1;
      this.#open(canvasId, canvas);
    }
  }

  #open(canvasId: number, { spec, painting, revision }: OpenCanvas): void {
    const named = this.#withNames(painting);
    this.#thread.send({ kind: 'canvas.open', canvasId, spec, painting: named, revision });
  }

  #withNames({ tiles, ...rest }: Painting): Painting {
    return {
      ...rest,
      tiles: tiles.map(tile =>
        tile.sourceId === undefined ? tile : { ...tile, sourceId: this.#named(tile.sourceId) },
      ),
    };
  }

  /** Participants of two scenes may have the same id. */
  #named(sourceId: string): string {
    return `${this.#id}/${sourceId}`;
  }

  #unnamed(name: string): string | undefined {
    const prefix = `${this.#id}/`;
    return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
  }
}
