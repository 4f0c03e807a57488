/** janus.js as promises; the only file that names its callbacks. */
import Janus, { type JanusJS } from 'janus-gateway';
import adapter from 'webrtc-adapter';
import type { IceView } from '../../../contract/ice.ts';
import type { ConnectionStats } from '../network/counters.ts';
import { IceRepair } from '../network/ice-repair.ts';
import { ASK_INTERVAL_MS } from '../network/liveness.ts';
import { watchWays } from '../network/way-watch.ts';

export type Handle = JanusJS.PluginHandle;
export type Message = JanusJS.Message;
export type Jsep = JanusJS.JSEP;
export type Track = JanusJS.TrackOption;
export type SenderLimits = Pick<
  RTCRtpEncodingParameters,
  'active' | 'maxBitrate' | 'scaleResolutionDownBy'
>;

export interface HandleListener {
  readonly onMessage: (message: Message, jsep: Jsep | undefined) => void;
  readonly onTrack?: (track: MediaStreamTrack, mid: string, on: boolean) => void;
  /** Finds new ways for the media between browser and room server. */
  readonly restartIce: () => Promise<void>;
  /** Media does not get through, or does again. */
  readonly onTrouble?: (isTroubled: boolean) => void;
  /** The media path broke for good. */
  readonly onFailed: () => void;
}

export interface SessionOptions {
  readonly server: string;
  readonly token: string;
  readonly ice: IceView;
  /** The session is gone, after it stood. */
  readonly onLost: () => void;
}

const DETACH_TIMEOUT_MS = 3_000;
const OPEN_TIMEOUT_MS = 8_000;

let initialised: Promise<void> | undefined;

function initialise(): Promise<void> {
  initialised ??= new Promise(resolve => {
    const newWebSocket = (server: string, protocol: string) => openSocket(server, protocol);
    const dependencies = { ...Janus.useDefaultDependencies({ adapter }), newWebSocket };
    Janus.init({ debug: [], dependencies, callback: () => resolve() });
  });
  return initialised;
}

/** Told the socket that janus.js opens next. */
let onNextSocket: ((socket: WebSocket) => void) | undefined;

function openSocket(server: string, protocol: string): WebSocket {
  const socket = new WebSocket(server, protocol);
  onNextSocket?.(socket);
  return socket;
}

/** A socket that notes when it last heard anything. */
class HearingSocket {
  readonly #socket: WebSocket;
  heardAtMs = Date.now();

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', () => {
      this.heardAtMs = Date.now();
    });
  }

  close(): void {
    this.#socket.close();
  }
}

/** One session at the room server, by way of the gateway's checked proxy. */
export class JanusSession {
  readonly #janus: Janus;
  readonly #socket: HearingSocket | undefined;
  readonly #repairs = new Set<IceRepair>();

  private constructor(janus: Janus, socket: HearingSocket | undefined) {
    this.#janus = janus;
    this.#socket = socket;
  }

  /** @throws Error when the server does not answer */
  static async open({ server, token, ice, onLost }: SessionOptions): Promise<JanusSession> {
    await initialise();
    return new Promise((resolve, reject) => {
      let hearing: HearingSocket | undefined;
      let opened = false;
      const fail = (why: unknown) => {
        clearTimeout(timer);
        reject(new Error(String(why)));
      };
      const timer = setTimeout(() => {
        fail('the room server does not answer');
        hearing?.close();
      }, OPEN_TIMEOUT_MS);
      onNextSocket = socket => {
        hearing = new HearingSocket(socket);
      };
      const janus: Janus = new Janus({
        server,
        token,
        iceServers: [...ice.servers],
        iceTransportPolicy: ice.relayOnly ? 'relay' : 'all',
        keepAlivePeriod: ASK_INTERVAL_MS,
        destroyOnUnload: true,
        success: () => {
          opened = true;
          clearTimeout(timer);
          resolve(new JanusSession(janus, hearing));
        },
        error: err => (opened ? onLost() : fail(err)),
        destroyed: onLost,
      });
      onNextSocket = undefined;
    });
  }

  /** When the server last said anything; it answers every `ASK_INTERVAL_MS`. */
  get heardAtMs(): number {
    return this.#socket?.heardAtMs ?? 0;
  }

  attach(plugin: 'videoroom' | 'audiobridge', listener: HandleListener): Promise<Handle> {
    const repair = new IceRepair({
      restart: listener.restartIce,
      onTrouble: isTroubled => listener.onTrouble?.(isTroubled),
      onLost: listener.onFailed,
    });
    this.#repairs.add(repair);
    let attached: Handle | undefined;
    let watched: RTCIceTransport | undefined;
    const watch = () => {
      const transport = iceTransport(attached);
      if (!transport || transport === watched) return;
      watched = transport;
      watchWays(transport, () => repair.moved());
    };
    return new Promise((resolve, reject) =>
      this.#janus.attach({
        plugin: `janus.plugin.${plugin}`,
        success: handle => {
          attached = handle;
          resolve(handle);
        },
        error: err => reject(new Error(err)),
        onmessage: (message, jsep) => listener.onMessage(message, jsep),
        onremotetrack: (track, mid, on) => listener.onTrack?.(track, mid, on),
        iceState: state => {
          watch();
          repair.heard(state);
        },
        ondetached: () => {
          repair.close();
          this.#repairs.delete(repair);
        },
      }),
    );
  }

  close(): void {
    for (const repair of this.#repairs) repair.close();
    this.#janus.destroy({ cleanupHandles: true, notifyDestroyed: false });
    this.#socket?.close(); // janus.js waits for an answer, which may never come
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

/** An offer that changes nothing but the ways that media takes, RFC 8839 §4.4.1.1. */
export function createRestartOffer(handle: Handle): Promise<Jsep> {
  return new Promise((resolve, reject) =>
    handle.createOffer({ iceRestart: true, tracks: [], success: resolve, error: reject }),
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

/** What the browser has counted of a handle's connection; nothing before there is one. */
export async function statsOf(name: string, handle: Handle | undefined): Promise<ConnectionStats> {
  const entries: Readonly<Record<string, unknown>>[] = [];
  const report = await peerConnection(handle)?.getStats();
  report?.forEach(entry => {
    entries.push(entry);
  });
  return { name, entries };
}

/**
 * Sends a medium within other limits than before.
 *
 * @param limitsOf the limits of each size, by how many the browser really sends
 */
export async function limitSender(
  handle: Handle | undefined,
  kind: 'audio' | 'video',
  limitsOf: (sizes: number) => readonly SenderLimits[],
): Promise<void> {
  const sender = sendingTransceiver(handle, kind)?.sender;
  const parameters = sender?.getParameters();
  if (!parameters?.encodings[0]) return;
  const limits = limitsOf(parameters.encodings.length);
  const encodings = parameters.encodings.map(({ maxBitrate: _, ...kept }, size) => ({
    ...kept,
    ...limits[size],
  }));
  await sender?.setParameters({ ...parameters, encodings });
}

/** Sends another track in the place of the one that was sent; undefined sends nothing. */
export async function replaceTrack(
  handle: Handle,
  kind: 'audio' | 'video',
  track: MediaStreamTrack | undefined,
): Promise<boolean> {
  const transceiver = sendingTransceiver(handle, kind);
  await transceiver?.sender.replaceTrack(track ?? null);
  return transceiver !== undefined;
}

/** Sends a track over a connection that has only received so far; an offer has to follow. */
export async function sendTrack(
  handle: Handle,
  kind: 'audio' | 'video',
  track: MediaStreamTrack,
): Promise<void> {
  const transceivers = peerConnection(handle)?.getTransceivers() ?? [];
  const transceiver = transceivers.find(({ receiver }) => receiver.track.kind === kind);
  if (!transceiver) return;
  transceiver.direction = 'sendrecv';
  await transceiver.sender.replaceTrack(track);
}

function sendingTransceiver(
  handle: Handle | undefined,
  kind: 'audio' | 'video',
): RTCRtpTransceiver | undefined {
  return peerConnection(handle)
    ?.getTransceivers()
    .find(
      ({ receiver, currentDirection }) =>
        receiver.track.kind === kind && currentDirection?.includes('send'),
    );
}

/** What comes on an m-line; undefined before it has been negotiated. */
export function receivedTrack(
  handle: Handle | undefined,
  mid: string,
): MediaStreamTrack | undefined {
  const transceivers = peerConnection(handle)?.getTransceivers();
  return transceivers?.find(transceiver => transceiver.mid === mid)?.receiver.track;
}

/** Undefined before the first negotiation. */
function peerConnection(handle: Handle | undefined): RTCPeerConnection | undefined {
  return handle?.webrtcStuff.pc as RTCPeerConnection | undefined;
}

/** The one of all media of a handle, as they share it; not in every browser. */
function iceTransport(handle: Handle | undefined): RTCIceTransport | undefined {
  const [transceiver] = peerConnection(handle)?.getTransceivers() ?? [];
  return transceiver?.receiver.transport?.iceTransport;
}
