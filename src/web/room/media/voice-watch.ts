/** Notices that somebody talks into a microphone that is switched off. */

const LOOK_INTERVAL_MS = 100;
/** −36 dBFS: speech, also soft, and not the hum of a room. */
const SPEECH_LEVEL = 0.015;
/** Speech has gaps between its syllables: so many of the last looks have to be loud. */
const LOUD_LOOKS = 4;
const LAST_LOOKS = 8;

/** Root mean square of samples between −1 and 1. */
export function level(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** Counts the loud ones of the last looks. */
export class SpeechCounter {
  #last: readonly boolean[] = [];

  /** True when it has been speech for long enough, and again as long as it goes on. */
  heard(loudness: number): boolean {
    const isLoud = loudness >= SPEECH_LEVEL;
    this.#last = [...this.#last, isLoud].slice(-LAST_LOOKS);
    return isLoud && this.#last.filter(Boolean).length >= LOUD_LOOKS;
  }
}

/** Listens to a copy of the microphone, which is on while the one that is sent is off; returns its own undo. */
export function watchVoice(microphone: MediaStreamTrack, onSpeech: () => void): () => void {
  const copy = microphone.clone();
  copy.enabled = true;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([copy])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const counter = new SpeechCounter();
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    if (counter.heard(level(samples))) onSpeech();
  }, LOOK_INTERVAL_MS);
  return () => {
    clearInterval(timer);
    copy.stop();
    void context.close();
  };
}
