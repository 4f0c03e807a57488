import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConnectionWatch } from '../../../../src/web/room/network/connection-watch.ts';
import { NetworkWatch } from '../../../../src/web/room/network/network-watch.ts';
import { pictureLimits } from '../../../../src/web/room/network/picture-limits.ts';
import type { PictureStep } from '../../../../src/web/room/network/uplink.ts';
import { createRoomStore, type RoomStore } from '../../../../src/web/room/state.ts';

const SLEEP_MS = 3_600_000;

let store: RoomStore;

beforeEach(() => {
  vi.useFakeTimers();
  store = createRoomStore();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the watch over a connection', () => {
  const listeners = new Map<string, () => void>();
  const browser = {
    navigator: { onLine: true },
    addEventListener: (name: string, listener: () => void) => void listeners.set(name, listener),
    removeEventListener: (name: string) => void listeners.delete(name),
  };
  let told: string[];
  let watch: ConnectionWatch;
  let server: { heardAtMs: number };

  beforeEach(() => {
    told = [];
    watch = new ConnectionWatch(store, browser, {
      onDead: () => {
        told.push('dead');
        watch.disconnected();
      },
      onOnline: () => told.push('online'),
    });
    server = { heardAtMs: Date.now() };
    watch.connected(server);
  });
  afterEach(() => watch.close());

  const kind = () => store.get().trouble?.kind;

  test('tells of silence, and gives up a server that stays silent', () => {
    vi.advanceTimersByTime(9000);
    expect(kind()).toBe('silent');
    server.heardAtMs = Date.now();
    vi.advanceTimersByTime(1000);
    expect(kind()).toBeUndefined();
    vi.advanceTimersByTime(20_000);
    expect(told).toEqual(['dead']);
    expect(kind()).toBe('joining');
  });

  test('a computer that slept gives the server six seconds to answer', () => {
    vi.setSystemTime(Date.now() + SLEEP_MS);
    vi.advanceTimersByTime(1000);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(7000);
    expect(told).toEqual(['dead']);
  });

  test('a computer that slept stays where the server answers', () => {
    vi.setSystemTime(Date.now() + SLEEP_MS);
    vi.advanceTimersByTime(1000);
    server.heardAtMs = Date.now() + 500;
    vi.advanceTimersByTime(7000);
    expect(told).toEqual([]);
    expect(kind()).toBeUndefined();
  });

  test('no network is told before anything else, and its return is tried at once', () => {
    watch.disconnected();
    watch.willRetry('unreachable', 5);
    listeners.get('offline')?.();
    expect(kind()).toBe('offline');
    listeners.get('online')?.();
    expect(kind()).toBe('waiting');
    expect(told).toEqual(['online']);
  });

  test('media that is interrupted is told until the last of it is well', () => {
    watch.media('sound', true);
    watch.media('camera', true);
    watch.media('sound', false);
    expect(kind()).toBe('media');
    watch.media('camera', false);
    expect(kind()).toBeUndefined();
  });

  test('closed, it tells nothing more', () => {
    watch.close();
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
    expect(listeners.size).toBe(0);
  });
});

describe('the watch over the line', () => {
  /** Loses so much of what is sent, in per cent. */
  let lossPct: number;
  let sent: number;
  let lost: number;
  let limits: object[];
  let soundBps: (number | undefined)[];
  let watch: NetworkWatch;
  let camera: boolean[];

  beforeEach(() => {
    [lossPct, sent, lost] = [0, 0, 0];
    limits = [];
    soundBps = [];
    camera = [];
    store.set({ camera: {} as MediaStreamTrack, cameraOn: true });
    watch = new NetworkWatch(store, {
      maxPictureBps: () => 800_000,
      turnCamera: on => {
        camera.push(on);
        store.set({ cameraOn: on });
      },
    });
    watch.start(media);
  });
  afterEach(() => watch.close());

  const media = {
    stats: async () => {
      sent += 100;
      lost += lossPct;
      const entries = [
        { id: 'O', type: 'outbound-rtp', packetsSent: sent },
        { id: 'R', type: 'remote-inbound-rtp', localId: 'O', packetsLost: lost },
      ];
      return [{ name: 'camera', entries }];
    },
    pictureSizes: 1,
    limitPicture: async (step: PictureStep, maxBps: number) => {
      limits = [...limits, ...pictureLimits(step, 1, maxBps)];
    },
    limitSound: async (bps: number | undefined) => void soundBps.push(bps),
  };
  const passes = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

  test('says how the line is after a few looks', async () => {
    await passes(6);
    expect(store.get().network).toBeUndefined();
    await passes(2);
    expect(store.get().network?.up.grade).toBe('good');
  });

  test('over a bad line it sends less, asks, and turns the camera off with consent', async () => {
    lossPct = 20;
    await passes(60);
    const least = { active: true, scaleResolutionDownBy: 4, maxBitrate: 96_000 };
    expect(limits.at(-1)).toEqual(least);
    expect(store.get().uplink).toBe('asking');
    expect(camera).toEqual([]);
    watch.answer(true);
    expect(camera).toEqual([false]);
    expect(store.get().uplink).toBe('off');
    await passes(20);
    expect(soundBps.at(-1)).toBe(12_000);
  });

  test('over a line that is good again it offers the camera, and sends more and more', async () => {
    lossPct = 20;
    await passes(60);
    watch.answer(true);
    lossPct = 0;
    await passes(60);
    expect(store.get().uplink).toBe('offering');
    watch.answer(true);
    expect(camera).toEqual([false, true]);
    await passes(240);
    expect(store.get().uplink).toBe('full');
    const all = { active: true, scaleResolutionDownBy: 1, maxBitrate: 800_000 };
    expect(limits.at(-1)).toEqual(all);
  });

  test('over a new connection it sends no more than the line allowed before', async () => {
    lossPct = 20;
    await passes(14);
    const [limit] = limits.slice(-1);
    expect(store.get().uplink).toBe('smaller');
    watch.stop();
    expect(store.get().network).toBeUndefined();
    limits = [];
    watch.start(media);
    expect(limits).toEqual([limit]);
  });
});
