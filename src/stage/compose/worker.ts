/**
 * A composing worker: a thread that decodes the cameras of some scenes, composes
 * what is to be seen of them and has it encoded. It knows no RTP and no layout: only
 * coded pictures, rectangles and names. Start reading at `obey`.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Frame } from 'node-av';
import { nowMs } from '../clock.ts';
import { Canvas, STALE_MS } from './canvas.ts';
import { Decoder } from './decoder.ts';
import { quietFfmpeg } from './ffmpeg.ts';
import { toJpeg } from './jpeg.ts';
import { PictureWatch } from './picture-watch.ts';
import type { CodedPicture, FromWorker, Painting, ToWorker } from './protocol.ts';
import { Spreading } from './spreading.ts';
import { Stencils } from './stencils.ts';

interface Source {
  readonly decoder: Decoder;
  readonly watch: PictureWatch;
}

interface OpeningCanvas {
  painting: Painting;
  revision: number;
  isClosed: boolean;
}

type Order<K extends ToWorker['kind']> = Extract<ToWorker, { kind: K }>;

const SECOND_MS = 1_000;
const SNAPSHOT_LOOK_MS = 40;
/** A message of the main thread is here by then. */
const AFTER_BATCH_MS = 5;

const sources = new Map<string, Source>();
const canvases = new Map<number, Canvas>();
/** What was asked of canvases whose encoder is being opened. */
const opening = new Map<number, OpeningCanvas>();
/** Frame rates whose clock runs. */
const clocks = new Set<number>();
/** Encoders that are being opened, texts that are drawn. */
const underWay = new Set<Promise<unknown>>();
/** What has come and is not obeyed yet. */
const inbox: (readonly ToWorker[])[] = [];
const spreading = new Spreading();
let cpuBefore = process.threadCpuUsage();
let measuredMs = performance.now();
let decodedPixels = 0;
let divisor = 1;
let isEnding = false;

const port = parentPort;
if (!port) throw new Error('not started as a worker');
const say = (message: FromWorker, transfer: ArrayBuffer[] = []) =>
  port.postMessage(message, transfer);
const trouble = (what: string, err: unknown) =>
  say({
    kind: 'trouble',
    what,
    reason: err instanceof Error ? (err.stack ?? err.message) : String(err),
  });
const stencils = new Stencils(
  err => trouble('text not drawn', err),
  drawing => {
    wait(drawing);
    void drawing.then(() => {
      for (const canvas of canvases.values()) canvas.repaint();
    });
  },
);

quietFfmpeg(workerData?.isDebugging === true);
port.on('message', (orders: readonly ToWorker[]) => {
  inbox.push(orders);
  if (inbox.length === 1) setImmediate(obeyNext);
});
// Whatever goes wrong here must not end the thread while FFmpeg still works for it.
process.on('uncaughtException', err => {
  trouble('composing thread failed', err);
  void end();
});
setInterval(() => {
  tellOfSecond();
  spread();
}, SECOND_MS);

/** One message a turn: decoding that takes all the time there is must not keep canvases from theirs. */
function obeyNext(): void {
  for (const order of inbox[0] ?? []) obey(order);
  inbox.shift();
  if (inbox.length > 0) setImmediate(obeyNext);
}

function obey(order: ToWorker): void {
  switch (order.kind) {
    case 'source.open':
      return openSource(order);
    case 'source.picture':
      return decode(order.sourceId, order.picture);
    case 'source.close':
      return closeSource(order.sourceId);
    case 'canvas.open':
      return wait(openCanvas(order));
    case 'canvas.paint':
      return paint(order);
    case 'canvas.keyframe':
      return canvases.get(order.canvasId)?.requestKeyframe();
    case 'canvas.close':
      return closeCanvas(order.canvasId);
    case 'thin':
      divisor = order.divisor;
      return;
    case 'snapshot':
      return void takeSnapshot(order);
    case 'end':
      return void end();
  }
}

async function end(): Promise<void> {
  isEnding = true;
  for (const wish of opening.values()) wish.isClosed = true;
  await Promise.all([...underWay, ...[...canvases.values()].map(canvas => canvas.close())]);
  for (const sourceId of [...sources.keys()]) closeSource(sourceId);
  await Promise.all(underWay); // of decoders that work elsewhere
  process.exit();
}

function openSource({ sourceId, codec }: Order<'source.open'>): void {
  closeSource(sourceId);
  const watch = new PictureWatch(sourceId, nowMs());
  const decoder: Decoder = new Decoder(codec, {
    onBroken: () => say({ kind: 'source.broken', sourceId }),
    onPicture: () => {
      watch.picture(nowMs());
      const { width = 0, height = 0 } = decoder.look ?? {};
      decodedPixels += width * height;
    },
  });
  decoder.isElsewhere = spreading.isOn;
  sources.set(sourceId, { decoder, watch });
}

function decode(sourceId: string, picture: CodedPicture): void {
  sources.get(sourceId)?.decoder.decode(picture, nowMs());
}

function closeSource(sourceId: string): void {
  const source = sources.get(sourceId);
  sources.delete(sourceId);
  if (source) wait(source.decoder.close());
}

/** Decodes on other threads too while this one is not enough. */
function spread(): void {
  const { user, system } = process.threadCpuUsage(cpuBefore);
  const elapsedMs = performance.now() - measuredMs;
  const coreShare = (user + system) / 1_000 / elapsedMs;
  const pixelsPerSec = (decodedPixels * 1_000) / elapsedMs;
  spreading.measured({ coreShare, pixelsPerSec }, performance.now());
  for (const { decoder } of sources.values()) decoder.isElsewhere = spreading.isOn;
  cpuBefore = process.threadCpuUsage();
  measuredMs = performance.now();
  decodedPixels = 0;
}

async function openCanvas(order: Order<'canvas.open'>): Promise<void> {
  const { canvasId, spec, painting, revision } = order;
  const wish: OpeningCanvas = { painting, revision, isClosed: false };
  opening.set(canvasId, wish);
  try {
    const canvas = await Canvas.open(spec, stencils, {
      decoderOf: id => sources.get(id)?.decoder,
      onTrouble: err => trouble('picture not drawn', err),
    });
    if (wish.isClosed) return await canvas.close();
    canvas.paint(wish.painting, wish.revision);
    canvases.set(canvasId, canvas);
    tickFor(spec.fps);
  } catch (err) {
    say({ kind: 'canvas.failed', canvasId, reason: String(err) });
  } finally {
    opening.delete(canvasId);
  }
}

function paint({ canvasId, painting, revision }: Order<'canvas.paint'>): void {
  const wish = opening.get(canvasId);
  if (!wish) return canvases.get(canvasId)?.paint(painting, revision);
  wish.painting = painting;
  wish.revision = revision;
}

function closeCanvas(canvasId: number): void {
  const wish = opening.get(canvasId);
  if (wish) wish.isClosed = true;
  const canvas = canvases.get(canvasId);
  canvases.delete(canvasId);
  if (canvas) wait(canvas.close());
}

function wait(work: Promise<unknown>): void {
  underWay.add(work);
  void work.finally(() => underWay.delete(work));
}

/**
 * One clock for all canvases of a frame rate, as long as there are any; late pictures are left out.
 * It is the main thread's, a little later: what that has sent is decoded by then (`thread.ts`).
 */
function tickFor(fps: number): void {
  if (clocks.has(fps)) return;
  clocks.add(fps);
  const due = (): number => ((nowMs() - AFTER_BATCH_MS) * fps) / 1000;
  let tick = Math.ceil(due());
  const next = () => {
    if (![...canvases.values()].some(({ spec }) => spec.fps === fps)) {
      clocks.delete(fps);
      return;
    }
    if (tick % divisor === 0) composeAll(fps);
    tick = Math.max(tick + 1, Math.ceil(due()));
    setTimeout(next, Math.max(0, ((tick - due()) * 1000) / fps));
  };
  next();
}

function composeAll(fps: number): void {
  const atMs = nowMs();
  for (const [canvasId, canvas] of canvases)
    if (canvas.spec.fps === fps) compose(canvasId, canvas, atMs);
}

function compose(canvasId: number, canvas: Canvas, atMs: number): void {
  if (isEnding) return;
  canvas.compose(atMs)?.then(
    outputs => {
      for (const { picture, ...facts } of outputs)
        say({ kind: 'canvas.picture', canvasId, ...facts, ...picture }, [picture.data.buffer]);
    },
    err => {
      closeCanvas(canvasId);
      say({ kind: 'canvas.failed', canvasId, reason: String(err) });
    },
  );
}

function tellOfSecond(): void {
  const atMs = nowMs();
  say({
    kind: 'second',
    sources: [...sources.values()].map(({ decoder, watch }) => watch.report(decoder.picture, atMs)),
    canvases: [...canvases].map(([canvasId, canvas]) => ({ canvasId, fps: canvas.takeCount() })),
  });
}

/** Waits for a picture of a camera whose decoding has just begun, or that is not up to date. */
async function takeSnapshot(order: Order<'snapshot'>): Promise<void> {
  const { requestId, of, maxWidth, timeoutMs } = order;
  const untilMs = nowMs() + timeoutMs;
  let shot = shotOf(of);
  while (!shot && nowMs() < untilMs) {
    await new Promise(resolve => setTimeout(resolve, SNAPSHOT_LOOK_MS));
    shot = shotOf(of);
  }
  try {
    const jpeg = shot && toJpeg(shot.picture, maxWidth, Date.now() - shot.ageMs);
    say({ kind: 'snapshot', requestId, jpeg });
  } catch (err) {
    trouble('no snapshot', err);
    say({ kind: 'snapshot', requestId, jpeg: undefined });
  }
}

/** What a camera or a canvas shows now; undefined when that is not known. */
function shotOf(of: Order<'snapshot'>['of']): { picture: Frame; ageMs: number } | undefined {
  if ('canvasId' in of) {
    const canvas = canvases.get(of.canvasId);
    return canvas && { picture: canvas.frame, ageMs: 0 };
  }
  const decoder = sources.get(of.sourceId)?.decoder;
  if (!decoder?.picture) return undefined;
  const ageMs = Math.round(nowMs() - decoder.pictureAtMs);
  return ageMs <= STALE_MS ? { picture: decoder.picture, ageMs } : undefined;
}
