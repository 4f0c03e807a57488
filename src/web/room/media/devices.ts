/** Camera and microphone of this computer. */

export type DeviceProblem = 'denied' | 'missing' | 'insecure';

export interface LocalMedia {
  readonly camera: MediaStreamTrack | undefined;
  readonly microphone: MediaStreamTrack | undefined;
  readonly problem: DeviceProblem | undefined;
}

export interface DeviceChoice {
  /** Undefined lets the browser choose; null wants none. */
  readonly cameraId?: string | null;
  readonly microphoneId?: string | null;
  readonly processing?: SoundProcessing;
}

/** What the browser does to the microphone's sound. */
export interface SoundProcessing {
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGainControl: boolean;
}

const CAMERA = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 25, max: 30 } };

/** Opens what was chosen, as much of it as there is; the caller stops the tracks. Never rejects. */
export async function openDevices(choice: DeviceChoice): Promise<LocalMedia> {
  if (!navigator.mediaDevices?.getUserMedia)
    return { camera: undefined, microphone: undefined, problem: 'insecure' };
  const [camera, microphone] = await Promise.all([
    open('video', choice.cameraId, CAMERA),
    open('audio', choice.microphoneId, choice.processing ?? {}),
  ]);
  return {
    camera: camera.track,
    microphone: microphone.track,
    problem: camera.problem === 'denied' ? 'denied' : (camera.problem ?? microphone.problem),
  };
}

/** Devices to choose from; their names are known once permission was given. */
export async function listDevices(): Promise<readonly MediaDeviceInfo[]> {
  return (await navigator.mediaDevices?.enumerateDevices()) ?? [];
}

async function open(
  kind: 'audio' | 'video',
  id: string | null | undefined,
  wishes: MediaTrackConstraints,
): Promise<{ track?: MediaStreamTrack; problem?: DeviceProblem }> {
  if (id === null) return {};
  const device = id === undefined ? {} : { deviceId: { exact: id } };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ [kind]: { ...wishes, ...device } });
    const [track] = stream.getTracks();
    return track ? { track } : { problem: 'missing' };
  } catch (err) {
    const isGone = err instanceof DOMException && err.name === 'OverconstrainedError';
    if (isGone && id !== undefined) return open(kind, undefined, wishes);
    const denied = err instanceof DOMException && err.name === 'NotAllowedError';
    return { problem: denied ? 'denied' : 'missing' };
  }
}
