import type { Logger } from 'pino';
import { connectRoomBridge } from './bridge/index.ts';
import { roomServerUrl, type Secrets, type Settings, stageUrl } from './config/index.ts';
import { connectMediaRelay } from './media/index.ts';
import { connectStage } from './stage-client/index.ts';
import type { Cleanup } from './util/cleanup.ts';

interface EngineAccess {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly log: Logger;
}

/**
 * Media relay, room server and stage, connected; each comes back by itself when it is lost. `cleanup`
 * lets go of them.
 *
 * @throws GatewayError of the first that is not reached
 */
export async function connectEngines({ settings, secrets, log }: EngineAccess, cleanup: Cleanup) {
  const { media, rooms, stage: stageSettings } = settings;
  const relay = await connectMediaRelay({
    ng: { host: media.ngHost, port: media.ngPort },
    requestTimeoutMs: media.requestTimeoutMs,
    log,
  });
  cleanup.add('media relay', () => relay.close());
  const bridge = await connectRoomBridge({
    url: roomServerUrl(settings),
    apiSecret: secrets.janusApiSecret,
    adminKey: secrets.janusAdminKey,
    requestTimeoutMs: rooms.requestTimeoutMs,
    audioSamplingRateHz: rooms.audioSamplingRateHz,
    maxVideoBitrateBps: rooms.maxVideoBitrateBps,
    log,
  });
  cleanup.add('room bridge', () => bridge.close());
  const stage = await connectStage({
    url: stageUrl(settings),
    secret: secrets.stageSecret,
    requestTimeoutMs: stageSettings.requestTimeoutMs,
    log,
  });
  cleanup.add('stage', () => stage.close());
  return { relay, bridge, stage };
}
