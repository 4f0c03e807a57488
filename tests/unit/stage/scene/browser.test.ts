import { expect, test } from 'vitest';
import type { PortPair, PortPairs } from '../../../../src/stage/rtp/port-pairs.ts';
import { parseRtcp } from '../../../../src/stage/rtp/rtcp.ts';
import { Browser } from '../../../../src/stage/scene/browser.ts';

const FEEDBACK = { host: '127.0.0.1', rtcpPort: 4001 };
const CAMERA = {
  sceneId: 'hop',
  participantId: 'lan',
  name: 'Lan',
  content: false,
  codec: 'h264',
  payloadType: 107,
  ssrc: 0x1234,
} as const;

test('a camera is asked for a key frame as soon as it can be, before anything has come', async () => {
  const sent: { readonly kind: string; readonly to: unknown }[] = [];
  const pair = {
    listen: () => undefined,
    close: () => undefined,
    sendRtcp: (data: Buffer, to: unknown) => {
      for (const { kind } of parseRtcp(data)) sent.push({ kind, to });
    },
  } as unknown as PortPair;
  const ports = { open: async () => pair } as unknown as PortPairs;
  const browser = await Browser.open(CAMERA, ports);
  expect(sent).toEqual([]);
  browser.connect(FEEDBACK);
  expect(sent).toEqual([{ kind: 'keyframe-request', to: FEEDBACK }]);
  browser.close();
});
