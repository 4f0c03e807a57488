import type { BrowserCodec } from '../../../contract/rest.ts';
import { createOffer, createRestartOffer, type Handle, send } from './janus.ts';

export interface PublishTerms {
  readonly maxBitrateBps: number;
  readonly codec: BrowserCodec;
}

/** Publishes one picture over a handle that has joined as publisher. */
export async function publishTrack(
  handle: Handle,
  capture: MediaStreamTrack,
  { maxBitrateBps, codec }: PublishTerms,
): Promise<void> {
  const sendEncodings = [{ maxBitrate: maxBitrateBps }];
  const track = { type: 'video', capture, recv: false, dontStop: true, sendEncodings } as const;
  const offer = await createOffer(handle, [track]);
  await send(handle, { request: 'publish', bitrate: maxBitrateBps, videocodec: codec }, offer);
}

/** Lets a publisher's media find new ways. */
export async function restartPublisher(handle: Handle): Promise<void> {
  await send(handle, { request: 'configure' }, await createRestartOffer(handle));
}
