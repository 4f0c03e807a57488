/** Several sounds as one track. */
export interface SoundMix {
  /** Undefined where there is nothing to send. */
  readonly track: MediaStreamTrack | undefined;
  /** The tracks that went in stay as they are. */
  close(): void;
}

/** Mixes; one track alone goes as it is. A track that is switched off adds silence. */
export function mixSound(tracks: readonly MediaStreamTrack[]): SoundMix {
  if (tracks.length < 2) return { track: tracks[0], close: () => undefined };
  const context = new AudioContext();
  const mix = context.createMediaStreamDestination();
  for (const track of tracks)
    context.createMediaStreamSource(new MediaStream([track])).connect(mix);
  return { track: mix.stream.getAudioTracks()[0], close: () => void context.close() };
}
