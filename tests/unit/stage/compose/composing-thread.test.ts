import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ComposedPicture, Composer } from '../../../../src/stage/compose/composer.ts';
import type { FromWorker, Painting } from '../../../../src/stage/compose/protocol.ts';
import { ComposingThread } from '../../../../src/stage/compose/thread.ts';
import { FakeWorker } from './fake-worker.ts';

const log = pino({ level: 'silent' });
const SPEC = { codec: 'h264', width: 640, height: 360, fps: 25, bitrateBps: 500_000 } as const;
const RESTART_MS = 1_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function aThread() {
  const workers: FakeWorker[] = [];
  const start = () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker as never;
  };
  const thread = new ComposingThread(start, log);
  const newest = () => workers.at(-1) ?? expect.fail('not started');
  return { thread, workers, newest };
}

function aComposer(id: string, thread: ComposingThread) {
  const broken: string[] = [];
  const failed: string[] = [];
  const composer = new Composer(id, thread, {
    onBroken: sourceId => broken.push(sourceId),
    onSecond: () => undefined,
    onCanvasFailed: reason => failed.push(reason),
  });
  return { composer, broken, failed };
}

function painting(sourceId: string): Painting {
  const rect = { x: 0, y: 0, width: 640, height: 360 };
  const marks = { speaking: false, muted: false, handRaised: false, poorLine: false };
  return { tiles: [{ rect, sourceId, name: sourceId, labelled: true, marks }] };
}

function picture(canvasId: number): FromWorker {
  const about = { timestamp: 0, isKeyframe: true, composedAtMs: 0, revision: 0 };
  return { kind: 'canvas.picture', canvasId, data: new Uint8Array([1]), ...about };
}

describe('a thread that dies', () => {
  test('is started anew with all cameras and canvases, as they are now', () => {
    const { thread, workers, newest } = aThread();
    thread.thin(2);
    const { composer, broken } = aComposer('1', thread);
    composer.openSource('a', 'h264');
    const canvas = composer.openCanvas(SPEC, painting('a'), () => undefined);
    canvas.paint({ ...painting('b'), message: 'Nghỉ giải lao' });
    composer.openSource('b', 'vp8');
    composer.closeSource('a');
    newest().die();
    composer.openSource('c', 'h263'); // while it is away
    vi.advanceTimersByTime(RESTART_MS);
    expect(workers).toHaveLength(2);
    const { orders } = newest();
    expect(orders.filter(({ kind }) => kind === 'thin')).toEqual([{ kind: 'thin', divisor: 2 }]);
    expect(orders.filter(({ kind }) => kind === 'source.open')).toEqual([
      { kind: 'source.open', sourceId: '1/b', codec: 'vp8' },
      { kind: 'source.open', sourceId: '1/c', codec: 'h263' },
    ]);
    const opened = orders.filter(order => order.kind === 'canvas.open');
    expect(opened.map(order => order.painting.tiles[0]?.sourceId)).toEqual(['1/b']);
    expect(opened.map(order => order.painting.message)).toEqual(['Nghỉ giải lao']);
    expect(broken).toEqual(['b', 'c']); // decoding begins with a key frame
  });

  test('goes on with canvases in another epoch: their times begin anew', () => {
    const { thread, newest } = aThread();
    const { composer } = aComposer('1', thread);
    const pictures: ComposedPicture[] = [];
    composer.openCanvas(SPEC, painting('a'), each => pictures.push(each));
    const canvasId = 1;
    newest().say(picture(canvasId));
    newest().die();
    vi.advanceTimersByTime(RESTART_MS);
    newest().say(picture(canvasId));
    expect(pictures.map(({ epoch }) => epoch)).toEqual([0, 1]);
  });

  test('is started again and again, each time a while later', () => {
    const { workers, newest } = aThread();
    for (let time = 0; time < 5; time += 1) {
      newest().die();
      const before = workers.length;
      vi.advanceTimersByTime(100);
      expect(workers).toHaveLength(before);
      vi.advanceTimersByTime(RESTART_MS);
      expect(workers).toHaveLength(before + 1);
    }
  });

  test('is not started for canvases that were closed meanwhile', () => {
    const { thread, newest } = aThread();
    const { composer } = aComposer('1', thread);
    const canvas = composer.openCanvas(SPEC, painting('a'), () => undefined);
    newest().die();
    canvas.close();
    composer.close();
    vi.advanceTimersByTime(RESTART_MS);
    expect(newest().kinds()).toEqual(['thin']);
  });

  test('does not come back when the stage ends', async () => {
    const { thread, workers, newest } = aThread();
    newest().die();
    await thread.close();
    vi.advanceTimersByTime(RESTART_MS);
    expect(workers).toHaveLength(1);
  });

  test('leaves nobody waiting for a snapshot', async () => {
    const { thread, newest } = aThread();
    const { composer } = aComposer('1', thread);
    composer.openSource('a', 'h264');
    const taken = composer.snapshot('a', 640);
    newest().die();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await taken).toBeUndefined();
  });
});

describe('a canvas whose encoder fails', () => {
  test('is opened anew in a while, as it is to be then', () => {
    const { thread, newest } = aThread();
    const { composer, failed } = aComposer('1', thread);
    const pictures: ComposedPicture[] = [];
    const canvas = composer.openCanvas(SPEC, painting('a'), each => pictures.push(each));
    newest().say({ kind: 'canvas.failed', canvasId: 1, reason: 'no memory' });
    canvas.paint(painting('b'));
    vi.advanceTimersByTime(10_000);
    const opened = newest().orders.filter(order => order.kind === 'canvas.open');
    expect(opened.map(order => order.painting.tiles[0]?.sourceId)).toEqual(['1/a', '1/b']);
    expect(opened.at(-1)?.revision).toBe(1);
    newest().say(picture(1));
    expect(pictures.map(({ epoch }) => epoch)).toEqual([1]);
    expect(failed).toEqual(['no memory']);
  });

  test('is opened once when the thread was started anew meanwhile', () => {
    const { thread, newest } = aThread();
    const { composer } = aComposer('1', thread);
    composer.openCanvas(SPEC, painting('a'), () => undefined);
    newest().say({ kind: 'canvas.failed', canvasId: 1, reason: 'no memory' });
    newest().die();
    vi.advanceTimersByTime(10_000);
    expect(
      newest()
        .kinds()
        .filter(kind => kind === 'canvas.open'),
    ).toHaveLength(1);
  });

  test('is not, when nobody needs it any more', () => {
    const { thread, newest } = aThread();
    const { composer } = aComposer('1', thread);
    const canvas = composer.openCanvas(SPEC, painting('a'), () => undefined);
    newest().say({ kind: 'canvas.failed', canvasId: 1, reason: 'no memory' });
    canvas.close();
    vi.advanceTimersByTime(10_000);
    expect(
      newest()
        .kinds()
        .filter(kind => kind === 'canvas.open'),
    ).toHaveLength(1);
  });
});

describe('scenes at one thread', () => {
  test('do not hear of each other, though participants have the same names', () => {
    const { thread, newest } = aThread();
    const [one, other] = [aComposer('1', thread), aComposer('11', thread)];
    one.composer.openSource('a', 'h264');
    other.composer.openSource('a', 'h264');
    newest().say({ kind: 'source.broken', sourceId: '11/a' });
    expect([one.broken, other.broken]).toEqual([[], ['a']]);
    const canvas = other.composer.openCanvas(SPEC, painting('a'), () => undefined);
    newest().say({ kind: 'canvas.failed', canvasId: 1, reason: 'no memory' });
    expect([one.failed, other.failed]).toEqual([[], ['no memory']]);
    canvas.close();
    newest().say({ kind: 'canvas.failed', canvasId: 1, reason: 'late' });
    expect(other.failed).toHaveLength(1);
  });

  test('leave it with everything closed', () => {
    const { thread, newest } = aThread();
    const { composer } = aComposer('1', thread);
    composer.openSource('a', 'h264');
    composer.openCanvas(SPEC, painting('a'), () => undefined);
    expect(thread.composers).toBe(1);
    composer.close();
    expect(thread.composers).toBe(0);
    expect(newest().kinds().slice(-2)).toEqual(['source.close', 'canvas.close']);
  });

  test('are given only units of cameras that are open', () => {
    const { thread, newest } = aThread();
    const { composer } = aComposer('1', thread);
    const unit = {
      data: Buffer.from([1]),
      timestamp: 0,
      isKeyframe: true,
      isWhole: true,
      followsLoss: false,
    };
    composer.decode('a', unit);
    expect(newest().kinds()).toEqual(['thin']);
  });
});
