import { describe, expect, test } from 'vitest';
import { type ConnectionStats, countersOf } from '../../../../src/web/room/network/counters.ts';

/** As Chromium gives them, the rest left out. */
const CAMERA: ConnectionStats = {
  name: 'camera',
  entries: [
    { id: 'OT1', type: 'outbound-rtp', kind: 'video', packetsSent: 200 },
    { id: 'RI1', type: 'remote-inbound-rtp', localId: 'OT1', packetsLost: 10 },
    {
      ...{ id: 'CP1', type: 'candidate-pair', nominated: true, state: 'succeeded' },
      ...{ currentRoundTripTime: 0.12, availableOutgoingBitrate: 300_000 },
    },
    { id: 'CP2', type: 'candidate-pair', nominated: false, state: 'waiting' },
  ],
};
const SOUND: ConnectionStats = {
  name: 'sound',
  entries: [
    { id: 'OT1', type: 'outbound-rtp', kind: 'audio', packetsSent: 50 },
    { id: 'IN1', type: 'inbound-rtp', kind: 'audio', packetsReceived: 40, packetsLost: 2 },
    {
      ...{ id: 'CP1', type: 'candidate-pair', nominated: true, state: 'succeeded' },
      currentRoundTripTime: 0.2,
    },
  ],
};

describe('what a browser has counted', () => {
  test('streams of several connections stay apart, whatever their ids', () => {
    const { streams } = countersOf([CAMERA, SOUND], 0);
    expect([...streams]).toEqual([
      ['camera/OT1', { direction: 'up', packets: 200, lost: 10, frozenMs: 0 }],
      ['sound/OT1', { direction: 'up', packets: 50, lost: 0, frozenMs: 0 }],
      ['sound/IN1', { direction: 'down', packets: 40, lost: 2, frozenMs: 0 }],
    ]);
  });

  test('the way there and back is that of the slowest connection in use', () => {
    const { roundTripMs, availableUpBps } = countersOf([CAMERA, SOUND], 0);
    expect({ roundTripMs, availableUpBps }).toEqual({ roundTripMs: 200, availableUpBps: 300_000 });
  });

  test('before anything was measured nothing is known', () => {
    expect(countersOf([], 7)).toEqual({
      atMs: 7,
      streams: new Map(),
      roundTripMs: undefined,
      availableUpBps: undefined,
    });
  });

  test('time in which a picture stood still is counted', () => {
    const picture = { id: 'IV', type: 'inbound-rtp', totalFreezesDuration: 1.5 };
    const { streams } = countersOf([{ name: 'pictures', entries: [picture] }], 0);
    expect(streams.get('pictures/IV')?.frozenMs).toBe(1500);
  });
});
