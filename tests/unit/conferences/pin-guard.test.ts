import pino from 'pino';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashPin } from '../../../src/conferences/pin.ts';
import { PinGuard } from '../../../src/conferences/pin-guard.ts';
import type { Noted } from '../../../src/domain/actor.ts';
import type { ConferenceId } from '../../../src/domain/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const [PIN, CHAIR_PIN] = ['4711', '9876'];
const HOME = '192.0.2.7';
const GUESSES = 10;

describe('a PIN that is typed in a page', () => {
  let clock: FakeClock;
  let pins: PinGuard;
  let noted: Noted[];
  let guarded: { id: ConferenceId; number: string; pinHash: string; chairPinHash: string };

  beforeAll(async () => {
    const [pinHash, chairPinHash] = [await hashPin(PIN), await hashPin(CHAIR_PIN)];
    guarded = { id: 'c1' as ConferenceId, number: '1001', pinHash, chairPinHash };
  });

  beforeEach(() => {
    clock = new FakeClock();
    noted = [];
    const note = async (one: Noted) => void noted.push(one);
    pins = new PinGuard({ clock, note, log: pino({ level: 'silent' }) });
  });

  const wrong = { code: 'pin-wrong' };
  /** Wrong PINs one after the other; gives what each was told. */
  const guess = async (count: number, address = HOME, conference = guarded) => {
    const tries = Array.from({ length: count }, (_, one) =>
      pins.admit(conference, `${one}`, address).catch(err => err.code as string),
    );
    return Promise.all(tries);
  };

  it('lets in, or leads, or does neither', async () => {
    expect(await pins.admit(guarded, PIN, HOME)).toBe(false);
    expect(await pins.admit(guarded, CHAIR_PIN, HOME)).toBe(true);
    await expect(pins.admit(guarded, '0000', HOME)).rejects.toMatchObject(wrong);
    await expect(pins.admit(guarded, undefined, HOME)).rejects.toMatchObject({
      code: 'pin-required',
    });
    await pins.lead(guarded, CHAIR_PIN, HOME);
    await expect(pins.lead(guarded, PIN, HOME)).rejects.toMatchObject(wrong);
    const { id, number } = guarded;
    expect(await pins.admit({ id, number }, 'any', HOME)).toBe(false);
    await expect(pins.lead({ id, number }, 'any', HOME)).rejects.toMatchObject(wrong);
  });

  it('guessed too often is not looked at any more, and it is said until when', async () => {
    expect(await guess(GUESSES)).toEqual(Array(GUESSES).fill('pin-wrong'));
    for (const attempt of [pins.admit(guarded, PIN, HOME), pins.lead(guarded, CHAIR_PIN, HOME)])
      await expect(attempt).rejects.toMatchObject({
        code: 'rate-limited',
        details: { retryAfterSec: 60 },
      });
    await clock.advance(60_001);
    expect(await pins.admit(guarded, PIN, HOME)).toBe(false);
  });

  it('guessed a hundred times at once is guessed no oftener', async () => {
    const told = await guess(40);
    expect(told.filter(code => code === 'pin-wrong')).toHaveLength(GUESSES);
  });

  it('guessed again has to wait longer each time', async () => {
    const waits: unknown[] = [];
    for (let time = 0; time < 3; time++) {
      await guess(GUESSES);
      const refused = await pins.admit(guarded, PIN, HOME).catch(err => err.details.retryAfterSec);
      waits.push(refused);
      await clock.advance(Number(refused) * 1000 + 1);
    }
    expect(waits).toEqual([60, 300, 1800]);
  });

  it('guessed elsewhere, or of another conference, keeps nobody out', async () => {
    await guess(GUESSES);
    expect(await pins.admit(guarded, PIN, '192.0.2.8')).toBe(false);
    expect(await pins.admit({ ...guarded, number: '1002' }, PIN, HOME)).toBe(false);
  });

  it('guessed shows among the bans and in the audit log, and can be let go', async () => {
    await guess(GUESSES);
    const source = `conference 1001 at ${HOME}`;
    expect(pins.list()).toMatchObject([{ source, reason: 'wrong-pin', count: 1 }]);
    expect(noted).toMatchObject([
      {
        by: { kind: 'system', address: HOME },
        ...{ action: 'created', entity: 'ban', entityId: source },
        after: { number: '1001', reason: 'wrong-pin' },
      },
    ]);
    expect(JSON.stringify(noted)).not.toMatch(/pinHash/i);
    expect(pins.lift(source)).toBe(true);
    expect(await pins.admit(guarded, PIN, HOME)).toBe(false);
  });
});
