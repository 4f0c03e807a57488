/** janus.js as promises; the only file that names its callbacks. */
import Janus, { type JanusJS } from 'janus-gateway';
import adapter from 'webrtc-adapter';

export type Handle = JanusJS.PluginHandle;
export type Message = JanusJS.Message;
export type Jsep = JanusJS.JSEP;
export type Track = JanusJS.TrackOption;

export interface HandleListener {
  readonly onMessage: (message: Message, jsep: Jsep | undefined) => void;
  readonly onTrack?: (track: MediaStreamTrack, mid: string, on: boolean) => void;
  /** The media path broke for good. */
  readonly onFailed: () => void;
}

const DETACH_TIMEOUT_MS = 3_000;

let initialised: Promise<void> | undefined;

function initialise(): Promise<void> {
  initialised ??= new Promise(resolve => {
    const dependencies = Janus.useDefaultDependencies({ adapter });
    Janus.init({ debug: [], dependencies, callback: () => resolve() });
  });
  return initialised;
}

/** One session at the room server, by way of the gateway's checked proxy. */
export class JanusSession {
  readonly #janus: Janus;

  private constructor(janus: Janus) {
    this.#janus = janus;
  }

  /**
   * Opens it.
   *
   * @param onLost the session is gone, after it stood
   * @throws Error when the server does not answer
   */
  static async open(server: string, token: string, onLost: () => void): Promise<JanusSession> {
    await initialise();
    return new Promise((resolve, reject) => {
      let opened = false;
      const janus: Janus = new Janus({
        server,
        token,
        iceServers: [], // a closed network has no STUN
        destroyOnUnload: true,
        success: () => {
          opened = true;
          resolve(new JanusSession(janus));
        },
        error: err => (opened ? onLost() : reject(new Error(String(err)))),
        destroyed: onLost,
      });
    });
  }

  attach(plugin: 'videoroom' | 'audiobridge', listener: HandleListener): Promise<Handle> {
    return new Promise((resolve, reject) =>
      this.#janus.attach({
        plugin: `janus.plugin.${plugin}`,
        success: resolve,
        error: err => reject(new Error(err)),
        onmessage: (message, jsep) => listener.onMessage(message, jsep),
        onremotetrack: (track, mid, on) => listener.onTrack?.(track, mid, on),
        iceState: state => {
          if (state === 'failed') listener.onFailed();
        },
      }),
    );
  }

  close(): void {
    this.#janus.destroy({ cleanupHandles: true, notifyDestroyed: false });
  }
}

export function send(
  handle: Handle,
  message: { request: string; [field: string]: unknown },
  jsep?: Jsep,
) {
  return new Promise<void>((resolve, reject) =>
    handle.send({
      message,
      ...(jsep && { jsep }),
      success: () => resolve(),
      error: err => reject(new Error(err)),
    }),
  );
}

/** Lets a handle go; resolves when the room server has, or does not say so. */
export function detach(handle: Handle): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, DETACH_TIMEOUT_MS);
    handle.detach({ success: () => resolve(), error: () => resolve() });
  });
}

export function createOffer(handle: Handle, tracks: Track[]): Promise<Jsep> {
  return new Promise((resolve, reject) =>
    handle.createOffer({ tracks, success: resolve, error: reject }),
  );
}

export function createAnswer(handle: Handle, jsep: Jsep): Promise<Jsep> {
  return new Promise((resolve, reject) =>
    handle.createAnswer({
      jsep,
      tracks: [],
      success: resolve,
      error: err => reject(new Error(err)),
    }),
  );
}

/** Sends another track in the place of the one that was sent; undefined sends nothing. */
export async function replaceTrack(
  handle: Handle,
  kind: 'audio' | 'video',
  track: MediaStreamTrack | undefined,
): Promise<boolean> {
  const { pc } = handle.webrtcStuff;
  const senders = (pc as RTCPeerConnection | undefined)?.getTransceivers() ?? [];
  const transceiver = senders.find(
    ({ receiver, currentDirection }) =>
      receiver.track.kind === kind && currentDirection?.includes('send'),
  );
  await transceiver?.sender.replaceTrack(track ?? null);
  return transceiver !== undefined;
}

/** Sends a track over a connection that has only received so far; an offer has to follow. */
export async function sendTrack(
  handle: Handle,
  kind: 'audio' | 'video',
  track: MediaStreamTrack,
): Promise<void> {
  const { pc } = handle.webrtcStuff;
  const transceivers = (pc as RTCPeerConnection | undefined)?.getTransceivers() ?? [];
  const transceiver = transceivers.find(({ receiver }) => receiver.track.kind === kind);
  if (!transceiver) return;
  transceiver.direction = 'sendrecv';
  await transceiver.sender.replaceTrack(track);
}
