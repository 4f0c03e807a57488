import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StageParams } from '../../../src/contract/stage.ts';
import { lastPicture } from '../../support/last-picture.ts';
import { waitFor } from '../../support/wait-for.ts';
import { colourClip } from './clip.ts';
import { packetise } from './packetise.ts';
import { Rig, SCENE } from './rig.ts';
import { lookAt } from './seen.ts';

const asEndpoint = { ssrc: 0x1111, payloadType: 97, fps: 10 };
const SIZE = '320x180';

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.start();
});
afterEach(() => rig.close());

/** ITU-T T.81 table B.1. */
const END_OF_IMAGE = Buffer.from('ffd9', 'hex');
/** FFmpeg 5.1 says so of pictures with little in them, whose end is there; libjpeg does not. */
const MISREAD_END = 'EOI missing, emulating';

/** As FFmpeg's command line decodes it. */
async function snapshot(
  participantId: string,
  of: 'sent' | 'seen',
  more: Pick<StageParams<'snapshot.take'>, 'maxWidth'> = {},
) {
  const taken = await rig.client.request('snapshot.take', {
    sceneId: SCENE,
    participantId,
    of,
    ...more,
  });
  const jpeg = Buffer.from(taken.jpegBase64, 'base64');
  expect(jpeg.subarray(-2)).toEqual(END_OF_IMAGE);
  const seen = await lastPicture(jpeg, 'mjpeg');
  expect([seen.width, seen.height]).toEqual([taken.width, taken.height]);
  expect(seen.complaints.filter(line => !line.endsWith(MISREAD_END))).toEqual([]);
  expect(Math.abs(Date.now() - taken.takenAtMs)).toBeLessThan(10_000);
  return seen;
}

async function meeting(): Promise<void> {
  for (const [id, colour] of [
    ['a', 'red'],
    ['b', 'green'],
    ['c', 'blue'],
  ] as const) {
    const { phone } = await rig.addEndpoint(id);
    phone.play(colourClip(colour, { size: SIZE }), asEndpoint);
  }
  await waitFor('their packets', async () => {
    const [scene] = (await rig.status()).scenes;
    return scene?.participants.every(({ lastRtpAgoMs }) => lastRtpAgoMs !== null);
  });
}

/** What is decoded, again and again until something is over. */
async function decodersDuring(work: Promise<unknown>): Promise<Set<number>> {
  let isOver = false;
  const done = () => {
    isOver = true;
  };
  work.then(done, done);
  const counts = new Set<number>();
  while (!isOver) counts.add((await rig.status()).decoders);
  return counts;
}

describe('a snapshot of what somebody sends', () => {
  test('is decoded for it alone when nobody is shown it', async () => {
    await meeting();
    await rig.layOut('full', { pinnedId: 'a' });
    await waitFor('nothing composed', async () => (await rig.showing('b')) === 'a');
    expect((await rig.status()).decoders).toBe(0);
    const taking = snapshot('c', 'sent');
    expect(await decodersDuring(taking)).toContain(1);
    const seen = await taking;
    expect([seen.width, seen.height]).toEqual([320, 180]);
    expect(lookAt(seen, 160, 60)).toBe('blue');
    await waitFor('the end of that', async () => (await rig.status()).decoders === 0);
  });

  test('is no wider than asked', async () => {
    await meeting();
    const seen = await snapshot('c', 'sent', { maxWidth: 101 });
    expect([seen.width, seen.height]).toEqual([100, 56]);
    expect(lookAt(seen, 50, 16)).toBe('blue');
  });

  test('may be taken by many at once', async () => {
    await meeting();
    const seen = await Promise.all(['a', 'b', 'c', 'a', 'b'].map(id => snapshot(id, 'sent')));
    expect(seen.map(picture => lookAt(picture, 160, 60))).toEqual([
      'red',
      'green',
      'blue',
      'red',
      'green',
    ]);
  });

  test('cannot be had of who sends nothing, or is not there', async () => {
    await rig.addEndpoint('dark');
    await expect(snapshot('dark', 'sent')).rejects.toMatchObject({ code: 'no-picture' });
    await expect(snapshot('dark', 'seen')).rejects.toMatchObject({ code: 'no-picture' });
    await expect(snapshot('nobody', 'sent')).rejects.toThrow();
    expect((await rig.status()).decoders).toBe(0);
  });
});

test('other orders do not wait for a camera that gives no key frame', async () => {
  const { phone } = await rig.addEndpoint('a');
  const clip = colourClip('red', { size: SIZE }).slice(1, 20);
  phone.playCut(
    clip.map(nals => packetise(nals)),
    asEndpoint,
  );
  await waitFor('its packets', async () => {
    const [scene] = (await rig.status()).scenes;
    return scene?.participants[0]?.lastRtpAgoMs !== null;
  });
  const done: string[] = [];
  const taking = snapshot('a', 'sent').catch(({ code }) => done.push(code));
  await rig.status();
  done.push('status');
  await taking;
  expect(done).toEqual(['status', 'no-picture']);
});

describe('a snapshot of what an endpoint sees', () => {
  test('is the composed picture', async () => {
    await meeting();
    await rig.layOut('speaker');
    await rig.speakers('b');
    await waitFor('the speaker', async () => (await rig.showing('a')) === 'b');
    await expect
      .poll(async () => {
        const seen = await snapshot('a', 'seen');
        expect([seen.width, seen.height]).toEqual([640, 360]);
        return lookAt(seen, 320, 100);
      })
      .toBe('green');
    expect(lookAt(await snapshot('b', 'seen'), 320, 100)).not.toBe('green');
  });

  test('is the camera that is passed on to it', async () => {
    await meeting();
    await rig.layOut('full', { pinnedId: 'c' });
    await waitFor('the camera', async () => (await rig.showing('a')) === 'c');
    expect(lookAt(await snapshot('a', 'seen'), 160, 60)).toBe('blue');
  });
});
