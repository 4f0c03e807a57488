/**
 * The adapter to rtpengine: two calls for each leg, one between the endpoint and
 * our inner side, one between the stage and the room server. It decides nothing
 * about calls. Start reading at `commands.ts`, then `relay.ts`.
 */
import type { NgClientOptions } from './ng-client.ts';
import { RtpengineRelay } from './relay.ts';

/** Never rejects because rtpengine is away: `health()` tells, and it is asked again by itself. */
export async function connectMediaRelay(options: NgClientOptions): Promise<RtpengineRelay> {
  const relay = new RtpengineRelay(options);
  await relay.start();
  return relay;
}
