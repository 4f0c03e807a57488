import { describe, expect, test } from 'vitest';
import type { Grade } from '../../../../src/web/room/network/judge.ts';
import {
  FULL_UPLINK,
  lookedAt,
  personDid,
  type Uplink,
} from '../../../../src/web/room/network/uplink.ts';

const looks = (uplink: Uplink, grade: Grade, count: number, sendsPicture = true) =>
  Array.from({ length: count }).reduce<Uplink>(seen => lookedAt(seen, grade, sendsPicture), uplink);
const picturesWhile = (uplink: Uplink, grade: Grade, count: number) => {
  const steps: string[] = [uplink.picture];
  let now = uplink;
  for (let look = 0; look < count; look += 1) {
    now = lookedAt(now, grade, true);
    if (steps.at(-1) !== now.picture) steps.push(now.picture);
  }
  return steps;
};
const ASKING = looks(FULL_UPLINK, 'bad', 12);
const OFF = personDid(ASKING, 'agree');

describe('what is sent over a bad line', () => {
  test('the picture gets smaller step by step, then the person is asked', () => {
    expect(picturesWhile(FULL_UPLINK, 'bad', 30)).toEqual([
      ...['full', 'smaller', 'small', 'tiny', 'asking'],
    ]);
  });

  test('two bad looks, or a poor one between, change nothing', () => {
    expect(looks(FULL_UPLINK, 'bad', 2).picture).toBe('full');
    const interrupted = lookedAt(looks(FULL_UPLINK, 'bad', 2), 'poor', true);
    expect(looks(interrupted, 'bad', 2).picture).toBe('full');
  });

  test('it comes back slowly, a step after eight good looks', () => {
    const tiny = looks(FULL_UPLINK, 'bad', 9);
    expect(looks(tiny, 'good', 7).picture).toBe('tiny');
    expect(picturesWhile(tiny, 'good', 24)).toEqual(['tiny', 'small', 'smaller', 'full']);
  });

  test('after a step up that was too much the next one takes twice as long', () => {
    const smaller = looks(FULL_UPLINK, 'bad', 3);
    const tooMuch = looks(looks(smaller, 'good', 8), 'bad', 3);
    expect(tooMuch.picture).toBe('smaller');
    expect(looks(tooMuch, 'good', 15).picture).toBe('smaller');
    expect(looks(tooMuch, 'good', 16).picture).toBe('full');
  });

  test('the camera goes off only when the person agrees', () => {
    expect(looks(ASKING, 'bad', 30).picture).toBe('asking');
    expect(OFF.picture).toBe('off');
  });

  test('who declined is not asked again on the same bad line', () => {
    const declined = personDid(ASKING, 'decline');
    expect(looks(declined, 'bad', 60).picture).toBe('declined');
  });

  test('the sound gets thin last, once no picture is sent, and is full first', () => {
    expect(looks(ASKING, 'bad', 30).sound).toBe('full');
    const thin = looks(OFF, 'bad', 3, false);
    expect(thin).toMatchObject({ picture: 'off', sound: 'thin' });
    expect(looks(thin, 'good', 8, false)).toMatchObject({ picture: 'off', sound: 'full' });
  });

  test('without a camera only the sound can give way', () => {
    expect(looks(FULL_UPLINK, 'bad', 3, false)).toMatchObject({ picture: 'full', sound: 'thin' });
  });

  test('on a good line again the camera is offered, small at first', () => {
    const offering = looks(OFF, 'good', 8, false);
    expect(offering.picture).toBe('offering');
    expect(personDid(offering, 'agree').picture).toBe('tiny');
    expect(personDid(offering, 'decline').picture).toBe('full');
    expect(looks(offering, 'bad', 3, false).picture).toBe('off');
  });

  test('the person’s own switch is obeyed', () => {
    expect(personDid(OFF, 'camera-on').picture).toBe('tiny');
    expect(personDid(ASKING, 'camera-off').picture).toBe('tiny');
    expect(personDid(FULL_UPLINK, 'camera-off')).toBe(FULL_UPLINK);
  });
});
