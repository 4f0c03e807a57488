import { describe, expect, it } from 'vitest';
import { keyWish } from '../../../src/web/room/keys.ts';
import { LocalTracks } from '../../../src/web/room/media/local-media.ts';
import { loadPreferences, savePreferences } from '../../../src/web/room/media/preferences.ts';
import { level, SpeechCounter } from '../../../src/web/room/media/voice-watch.ts';
import { nextSpeaker } from '../../../src/web/room/speaker.ts';

describe('who is large', () => {
  const nobody = { speakerId: undefined, sinceMs: 0 };
  it('the first who is heard, and never ourselves', () => {
    expect(nextSpeaker(nobody, new Set(['me']), 'me', 5)).toBe(nobody);
    expect(nextSpeaker(nobody, new Set(['me', 'a']), 'me', 5)).toEqual({
      speakerId: 'a',
      sinceMs: 5,
    });
  });

  it('somebody new waits while the last one speaks and has just begun', () => {
    const a = { speakerId: 'a', sinceMs: 1_000 };
    expect(nextSpeaker(a, new Set(['a', 'b']), 'me', 2_000)).toBe(a);
    expect(nextSpeaker(a, new Set(['a', 'b']), 'me', 3_500).speakerId).toBe('b');
    expect(nextSpeaker(a, new Set(['b']), 'me', 1_100).speakerId).toBe('b');
  });

  it('stays when nobody speaks', () => {
    const a = { speakerId: 'a', sinceMs: 1_000 };
    expect(nextSpeaker(a, new Set(), 'me', 99_000)).toBe(a);
  });
});

describe('keys', () => {
  const press = (key: string, change = {}) => ({
    key,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    repeat: false,
    target: null,
    ...change,
  });
  it.each([
    ['m', 'toggle-microphone'],
    ['V', 'toggle-camera'],
    ['g', 'toggle-view'],
    [' ', 'talk'],
    ['x', undefined],
  ])('%s wishes %s', (key, wish) => {
    expect(keyWish(press(key), () => false)).toBe(wish);
  });

  it('wish nothing while somebody types, with a modifier, or when held', () => {
    expect(keyWish(press('m'), () => true)).toBeUndefined();
    expect(keyWish(press('m', { ctrlKey: true }), () => false)).toBeUndefined();
    expect(keyWish(press(' ', { repeat: true }), () => false)).toBeUndefined();
  });
});

describe('speech into a microphone that is off', () => {
  it('is what is loud for a while', () => {
    const counter = new SpeechCounter();
    const told = [0.2, 0.2, 0.005, 0.2, 0.2, 0.2].map(loudness => counter.heard(loudness));
    expect(told).toEqual([false, false, false, false, true, true]);
  });

  it('may have gaps, as words do; a cough or a door is none', () => {
    const talk = new SpeechCounter();
    const syllables = [0.1, 0.002, 0.1, 0.002, 0.1, 0.002, 0.1];
    expect(syllables.map(loudness => talk.heard(loudness)).at(-1)).toBe(true);
    const door = new SpeechCounter();
    const bangs = [0.4, 0.2, 0.1, 0.002, 0.002, 0.002, 0.002, 0.002, 0.4, 0.2, 0.1];
    expect(bangs.map(loudness => door.heard(loudness))).not.toContain(true);
  });

  it('a level is the root mean square', () => {
    expect(level(new Float32Array([0.5, -0.5]))).toBeCloseTo(0.5);
  });
});

describe('preferences', () => {
  function shelf(text?: string) {
    const items = new Map(text === undefined ? [] : [['diemcau.preferences', text]]);
    return {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
    };
  }
  it('are kept from one meeting to the next, the others as they were', () => {
    const kept = shelf();
    savePreferences({ name: 'Lan', microphoneId: null }, kept);
    savePreferences({ noiseSuppression: false }, kept);
    expect(loadPreferences(kept)).toMatchObject({
      name: 'Lan',
      microphoneId: null,
      noiseSuppression: false,
      echoCancellation: true,
    });
  });

  it.each(['{', '{"view":"upside-down"}'])('are the usual when what is kept is %s', text => {
    expect(loadPreferences(shelf(text))).toMatchObject({ name: '', view: 'grid' });
  });
});

describe('own devices', () => {
  const track = (id: string) => {
    const one = {
      id,
      enabled: true,
      stopped: false,
      stop: () => {
        one.stopped = true;
      },
    };
    return one;
  };
  const asTrack = (one: object | undefined) => one as unknown as MediaStreamTrack;

  it('another one takes the place of the old, muted as that was', async () => {
    const [before, after] = [track('before'), track('after')];
    before.enabled = false;
    const tracks = new LocalTracks(
      { camera: undefined, microphone: asTrack(before) },
      async () => ({
        camera: undefined,
        microphone: asTrack(after),
        problem: undefined,
      }),
    );
    const told: unknown[] = [];
    tracks.follow({ onTrack: (medium, now) => told.push([medium, now]) });
    expect(await tracks.change('microphone', { microphoneId: 'x' })).toBeUndefined();
    expect(told).toEqual([['microphone', after]]);
    expect([before.stopped, after.enabled]).toEqual([true, false]);
  });

  it('one that does not open leaves the old where it was, and says why', async () => {
    const before = track('before');
    const tracks = new LocalTracks(
      { camera: asTrack(before), microphone: undefined },
      async () => ({
        camera: undefined,
        microphone: undefined,
        problem: 'denied',
      }),
    );
    expect(await tracks.change('camera', { cameraId: 'x' })).toBe('denied');
    expect([tracks.camera, before.stopped]).toEqual([before, false]);
  });
});
