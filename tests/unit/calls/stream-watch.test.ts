import pino from 'pino';
import { expect, test } from 'vitest';
import { ALARM_AFTER_MS } from '../../../src/calls/alarms.ts';
import type { StagePort } from '../../../src/calls/ports.ts';
import { StreamWatch } from '../../../src/calls/stream-watch.ts';
import type { Alarm } from '../../../src/contract/alarms.ts';
import type { StageEventParams } from '../../../src/contract/stage.ts';
import type { SiteId } from '../../../src/domain/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

type Quality = StageEventParams<'scene.quality'>;

const SECOND_MS = 1_000;

/** A hall in conference `north`, whose relay hears it. */
function aWatch() {
  const clock = new FakeClock();
  let tell: (quality: Quality) => void = () => undefined;
  const stage: Pick<StagePort, 'on' | 'onLost'> = {
    on: (_name, listener) => {
      tell = listener as typeof tell;
      return () => undefined;
    },
    onLost: () => () => undefined,
  };
  let standing: readonly Alarm[] = [];
  const watch = new StreamWatch(
    { stage: stage as StagePort, clock, log: pino({ level: 'silent' }) },
    {
      siteId: 'site' as SiteId,
      media: {
        member: { sceneId: 'north', participantId: 'hall' },
        isSoundDue: false,
        isPictureDue: true,
      },
      onChange: now => {
        standing = now;
      },
      onTotals: () => undefined,
    },
  );
  watch.begin();
  const pass = async (seconds: number, told: () => readonly Quality[]) => {
    for (let second = 0; second < seconds; second += 1) {
      await clock.advance(SECOND_MS);
      watch.relayHeard({ anyMs: 0, audioMs: 0 });
      for (const quality of told()) tell(quality);
    }
  };
  return { pass, standing: () => standing };
}

function quality(sceneId: string, packetsReceived?: number): Quality {
  const own = { participantId: 'hall', content: false, packetsReceived } as const;
  return { sceneId, streams: packetsReceived === undefined ? [] : [own as never] };
}

const LONG_SEC = ALARM_AFTER_MS / SECOND_MS + 2;

test('a hall without a picture is noticed, also while another conference goes on', async () => {
  const { pass, standing } = aWatch();
  let packets = 0;
  await pass(LONG_SEC, () => [quality('north', ++packets), quality('south')]);
  expect(standing()).toEqual([]);
  await pass(LONG_SEC, () => [quality('north', packets), quality('south')]);
  expect(standing()).toEqual(['no-picture']);
  await pass(LONG_SEC, () => [quality('south'), quality('north', packets)]);
  expect(standing()).toEqual(['no-picture']);
  await pass(1, () => [quality('north', ++packets)]);
  expect(standing()).toEqual([]);
});

test('a hall that the stage does not have is not missed', async () => {
  const { pass, standing } = aWatch();
  await pass(LONG_SEC, () => [quality('north', 1)]);
  await pass(1, () => [quality('north')]);
  expect(standing()).toEqual([]);
});
