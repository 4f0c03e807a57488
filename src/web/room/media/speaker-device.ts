/** Where the sound comes out. */

const TONE_HZ = 660;
const TONE_SEC = 0.8;
const TONE_GAIN = 0.2;

/** Firefox and Safari leave it to the system. */
export function canChooseSpeaker(): boolean {
  return 'setSinkId' in HTMLMediaElement.prototype;
}

/** Plays an element's sound on a device; the usual one when the device is gone. */
export async function playOn(element: HTMLMediaElement, deviceId: string | undefined) {
  if (!canChooseSpeaker()) return;
  await element.setSinkId(deviceId ?? '').catch(() => element.setSinkId(''));
}

/** A short tone, fading in and out so that it does not click; resolves when it is over. */
export async function playTestTone(deviceId: string | undefined): Promise<void> {
  const context = new AudioContext();
  const output = context.createMediaStreamDestination();
  const gain = context.createGain();
  const tone = context.createOscillator();
  tone.frequency.value = TONE_HZ;
  tone.connect(gain).connect(output);
  const now = context.currentTime;
  gain.gain.setValueAtTime(0, now);
  gain.gain.linearRampToValueAtTime(TONE_GAIN, now + 0.05);
  gain.gain.setValueAtTime(TONE_GAIN, now + TONE_SEC - 0.05);
  gain.gain.linearRampToValueAtTime(0, now + TONE_SEC);
  const element = new Audio();
  element.srcObject = output.stream;
  await playOn(element, deviceId);
  tone.start();
  tone.stop(now + TONE_SEC);
  await Promise.all([
    element.play(),
    new Promise(resolve => {
      tone.onended = resolve;
    }),
  ]);
  await context.close();
}
