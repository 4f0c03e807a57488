import type { BrowserCodec } from '../../../contract/rest.ts';
import { createOffer, type Handle, send } from './janus.ts';

export interface PublishTerms {
  readonly maxBitrateBps: number;
  readonly codec: BrowserCodec;
  /** One, or one for each size that is sent. */
  readonly layers?: RTCRtpEncodingParameters[];
}

/** Publishes one picture over a handle that has joined as publisher. */
export async function publishTrack(
  handle: Handle,
  capture: MediaStreamTrack,
  { maxBitrateBps, codec, layers = [{ maxBitrate: maxBitrateBps }] }: PublishTerms,
): Promise<void> {
  const track = {
    ...({ type: 'video', capture, recv: false, dontStop: true } as const),
    simulcast: layers.length > 1,
    sendEncodings: layers,
  };
  const offer = await createOffer(handle, [track]);
  await send(handle, { request: 'publish', bitrate: maxBitrateBps, videocodec: codec }, offer);
}
