import pino from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import { type FloorFacts, FloorView } from '../../../src/conferences/floor-view.ts';
import type { ConferenceId, ParticipantId } from '../../../src/domain/ids.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { FakeStage } from '../../fakes/fake-stage.ts';

const ID = 'conference-1' as ConferenceId;
const [AN, BA] = ['an', 'ba'] as [ParticipantId, ParticipantId];

describe('the floor in the halls’ picture', () => {
  let stage: FakeStage;
  let clock: FakeClock;
  let names: Map<string, string>;
  let order: FloorFacts['order'];
  let warnings: string[];
  let view: FloorView;

  beforeEach(async () => {
    stage = new FakeStage();
    clock = new FakeClock();
    names = new Map([
      ['an', 'Xã An Hòa'],
      ['ba', 'Xã Đắk Ơ'],
    ]);
    order = { hands: [], floor: undefined };
    warnings = [];
    const log = pino(
      { level: 'warn' },
      { write: line => void warnings.push(JSON.parse(line).msg) },
    );
    view = new FloorView({ stage, clock, log }, ID, () => ({ order, nameOf: id => names.get(id) }));
    await stage.request('scene.open', { sceneId: ID, title: 'Giao ban' });
  });

  const said = () => stage.requests.filter(({ method }) => method === 'scene.floor');
  const shown = () => stage.scenes.get(ID)?.floor;
  const hands = (...ids: ParticipantId[]) =>
    ids.map(participantId => ({ participantId, raisedAtMs: clock.now() }));
  const floorOf = (participantId: ParticipantId, limitMs: number) => ({
    participantId,
    sinceMs: clock.now(),
    endsAtMs: clock.now() + limitMs,
  });

  test('is said with what is left of the time, whoever waits in their order', async () => {
    view.sceneOpened();
    order = { hands: hands(AN), floor: floorOf(BA, 180_000) };
    await clock.advance(60_000);
    view.changed();
    expect(shown()).toEqual({
      sceneId: ID,
      floor: { name: 'Xã Đắk Ơ', remainingMs: 120_000 },
      queue: ['Xã An Hòa'],
    });
    order = { hands: [], floor: undefined };
    view.changed();
    expect(shown()).toEqual({ sceneId: ID, queue: [] });
  });

  test('is not said again as time goes by, but when a name changes', async () => {
    view.sceneOpened();
    order = { hands: hands(AN), floor: floorOf(BA, 180_000) };
    view.changed();
    await clock.advance(5_000);
    view.changed();
    expect(said()).toHaveLength(1);
    names.set('an', 'Xã An Hòa 2');
    view.changed();
    expect(shown()).toMatchObject({ floor: { remainingMs: 175_000 }, queue: ['Xã An Hòa 2'] });
  });

  test('goes over its time, and may have no limit', () => {
    view.sceneOpened();
    order = { hands: [], floor: floorOf(BA, -10_000) };
    view.changed();
    expect(shown()?.floor).toEqual({ name: 'Xã Đắk Ơ', remainingMs: -10_000 });
    order = { hands: [], floor: { participantId: BA, sinceMs: 0 } };
    view.changed();
    expect(shown()?.floor).toEqual({ name: 'Xã Đắk Ơ' });
  });

  test('names no more than five who wait, none who has left, and who speaks once', () => {
    const ids = Array.from({ length: 7 }, (_, index) => `p${index}` as ParticipantId);
    for (const id of ids.slice(1)) names.set(id, id);
    view.sceneOpened();
    order = { hands: hands(...ids, BA), floor: floorOf('gone' as ParticipantId, 1_000) };
    view.changed();
    expect(shown()).toEqual({ sceneId: ID, queue: ['p1', 'p2', 'p3', 'p4', 'p5'] });
    order = { hands: hands(BA, AN), floor: floorOf(BA, 1_000) };
    view.changed();
    expect(shown()?.queue).toEqual(['Xã An Hòa']);
  });

  test('waits for a scene, and is said whole to the next', async () => {
    order = { hands: hands(AN), floor: undefined };
    view.changed();
    expect(said()).toHaveLength(0);
    view.sceneOpened();
    view.sceneLost();
    order = { hands: hands(AN, BA), floor: undefined };
    view.changed();
    expect(shown()?.queue).toEqual(['Xã An Hòa']);
    view.sceneOpened();
    expect(shown()?.queue).toEqual(['Xã An Hòa', 'Xã Đắk Ơ']);
  });

  test('that the stage refuses is logged and said again at the next change', async () => {
    stage.failNext.set('scene.floor', new Error('no'));
    order = { hands: hands(AN), floor: undefined };
    view.sceneOpened();
    await settle();
    expect(warnings).toEqual(['floor not shown in halls']);
    view.changed();
    expect(shown()?.queue).toEqual(['Xã An Hòa']);
  });
});
