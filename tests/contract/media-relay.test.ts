import { describe } from 'vitest';
import { rtpengineEngine } from '../../src/engines/index.ts';
import { connectMediaRelay } from '../../src/media/index.ts';
import { FakeMediaRelay } from '../fakes/fake-media-relay.ts';
import { type RealEngines, startEngines } from './engines.ts';
import { mediaRelaySuite, type RelayHarness } from './media-relay.suite.ts';
import { heldByRtpengine, relayOptions } from './rtpengine.ts';

describe('the fake media relay', () => {
  mediaRelaySuite(async () => {
    const relay = new FakeMediaRelay();
    return {
      relay,
      held: async () => relay.legs.size + relay.feeds.size,
      crash: () => relay.crash(),
      comeBack: () => relay.comeBack(),
      close: async () => undefined,
    };
  });
});

describe('rtpengine', () => {
  mediaRelaySuite(openReal);
});

async function openReal(): Promise<RelayHarness> {
  const engines: RealEngines = await startEngines(settings => [rtpengineEngine(settings)]);
  const relay = await connectMediaRelay(relayOptions(engines));
  return {
    relay,
    held: () => heldByRtpengine(engines),
    // A process that is killed is replaced before a caller could notice it away.
    crash: () => engines.signal('rtpengine', 'SIGSTOP'),
    comeBack: () => engines.signal('rtpengine', 'SIGCONT'),
    close: async () => {
      await relay.close();
      await engines.close();
    },
  };
}
