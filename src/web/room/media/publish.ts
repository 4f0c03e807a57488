import type { BrowserCodec } from '../../../contract/rest.ts';
import { pictureLimits } from '../network/picture-limits.ts';
import { createOffer, createRestartOffer, type Handle, send } from './janus.ts';
import { sendEncodings } from './layers.ts';

export interface PublishTerms {
  readonly maxBitrateBps: number;
  readonly codec: BrowserCodec;
  /** In how many sizes; one when not given. */
  readonly sizes?: number;
}

/** Publishes one picture over a handle that has joined as publisher. */
export async function publishTrack(
  handle: Handle,
  capture: MediaStreamTrack,
  { maxBitrateBps, codec, sizes = 1 }: PublishTerms,
): Promise<void> {
  const track = {
    ...({ type: 'video', capture, recv: false, dontStop: true } as const),
    simulcast: sizes > 1,
    sendEncodings: sendEncodings(pictureLimits('full', sizes, maxBitrateBps)),
  };
  const offer = await createOffer(handle, [track]);
  await send(handle, { request: 'publish', bitrate: maxBitrateBps, videocodec: codec }, offer);
}

/** Lets a publisher's media find new ways. */
export async function restartPublisher(handle: Handle): Promise<void> {
  await send(handle, { request: 'configure' }, await createRestartOffer(handle));
}
