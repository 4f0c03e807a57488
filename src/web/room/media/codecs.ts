import type { BrowserCodec } from '../../../contract/rest.ts';

/** What this browser sends and shows of the codecs of the rooms. */
export interface BrowserCodecs {
  /** What it publishes: H.264 where it can, which the halls get without another encoding. */
  readonly sends: BrowserCodec;
  readonly decodes: readonly BrowserCodec[];
}

/** The codecs that an API of the browser lists, the room's first choice first; both where it lists none. */
export function roomCodecs(
  capabilities: { readonly codecs: readonly { readonly mimeType: string }[] } | null | undefined,
): readonly BrowserCodec[] {
  const known = (capabilities?.codecs ?? []).map(({ mimeType }) => mimeType.toLowerCase());
  const choices = ['h264', 'vp8'] as const;
  return known.length === 0 ? choices : choices.filter(name => known.includes(`video/${name}`));
}

/** Asks the browser, which knows: Firefox lists H.264 only where its decoder was installed. */
export function browserCodecs(): BrowserCodecs {
  const [sends = 'vp8'] = roomCodecs(globalThis.RTCRtpSender?.getCapabilities?.('video'));
  return {
    sends,
    decodes: roomCodecs(globalThis.RTCRtpReceiver?.getCapabilities?.('video')),
  };
}
