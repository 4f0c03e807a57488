/** A browser's place in Janus' rooms, with rtpengine as its WebRTC and a socket as its microphone. */
import type { MediaRelay } from '../../src/calls/ports.ts';
import {
  type CallId,
  type ConferenceId,
  newCallId,
  newParticipantId,
  type ParticipantId,
} from '../../src/domain/ids.ts';
import { readRelaySdp } from '../../src/sdp/index.ts';
import type { JanusProbe } from '../support/janus-probe.ts';
import { feedSdp } from './media-relay.sdp.ts';
import type { TestBrowser } from './room-bridge.suite.ts';
import { rtpStream, UdpPort } from './udp.ts';

const SIGNAL = AbortSignal.timeout(600_000);
const LOOPBACK = '127.0.0.1';
/** RFC 6464 §3, in -dBov. */
const LOUD_DBOV = 10;
const SILENT_DBOV = 127;
const LEVEL_EXTENSION_ID = 1;
/** Janus drops packets of an SSRC that no SDP has named. */
const SOUND_SSRC = 0x77;
const OPUS_SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);

export class JanusBrowser implements TestBrowser {
  readonly participantId: ParticipantId = newParticipantId();
  readonly #probe: JanusProbe;
  readonly #relay: MediaRelay;
  readonly #calls: CallId[] = [];
  readonly #audio: number;
  readonly #video: number;
  readonly #microphone: UdpPort;
  #timer: NodeJS.Timeout | undefined;
  #levelDbov = SILENT_DBOV;

  private constructor(
    probe: JanusProbe,
    relay: MediaRelay,
    handles: { readonly audio: number; readonly video: number },
    microphone: UdpPort,
  ) {
    this.#probe = probe;
    this.#relay = relay;
    this.#audio = handles.audio;
    this.#video = handles.video;
    this.#microphone = microphone;
  }

  /** Joins both rooms with its microphone on and its camera off; the caller closes. */
  static async open(
    probe: JanusProbe,
    relay: MediaRelay,
    room: ConferenceId,
    display: string,
  ): Promise<JanusBrowser> {
    const handles = {
      audio: await probe.attach('audiobridge'),
      video: await probe.attach('videoroom'),
    };
    const browser = new JanusBrowser(probe, relay, handles, await UdpPort.open(LOOPBACK));
    const join = { request: 'join', room, id: browser.participantId, display };
    await probe.ask(handles.video, { ...join, ptype: 'publisher' });
    await probe.ask(handles.audio, join);
    await browser.#speak();
    return browser;
  }

  talk(talking: boolean): void {
    this.#levelDbov = talking ? LOUD_DBOV : SILENT_DBOV;
  }

  async mute(muted: boolean): Promise<void> {
    await this.#probe.ask(this.#audio, { request: 'configure', muted });
  }

  async publish(): Promise<string> {
    const answer = await this.#negotiate(this.#video, { request: 'publish' }, feedSdp(42_500));
    return /^a=mid:(\S+)/m.exec(answer.room)?.[1] ?? '';
  }

  async unpublish(): Promise<void> {
    const hungUp = this.#probe.next(this.#video, 'hangup');
    await this.#probe.ask(this.#video, { request: 'unpublish' });
    await hungUp;
  }

  async leave(): Promise<void> {
    await this.close();
    await Promise.all([this.#probe.detach(this.#audio), this.#probe.detach(this.#video)]);
  }

  /** Gives back what it has outside Janus. Safe to call twice. */
  async close(): Promise<void> {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#microphone.close();
    await Promise.all(this.#calls.map(callId => this.#relay.release(callId)));
  }

  async #speak(): Promise<void> {
    const configure = { request: 'configure', muted: false };
    const { relay } = await this.#negotiate(
      this.#audio,
      configure,
      soundSdp(this.#microphone.port),
    );
    const to = readRelaySdp(relay)?.audio;
    if (!to) throw new Error('the relay takes no sound');
    const stream = {
      payloadType: 111,
      ssrc: SOUND_SSRC,
      payload: OPUS_SILENCE,
      timestampStep: 960,
    };
    const next = rtpStream(stream);
    this.#timer = setInterval(
      () => this.#microphone.send(withLevel(next(), this.#levelDbov), to.rtpPort, to.host),
      20,
    );
  }

  /** Offers something to a plugin as a browser would; gives its answer, and where media is to be sent. */
  async #negotiate(handle: number, body: object, plainOffer: string) {
    const callId = newCallId();
    this.#calls.push(callId);
    const sdp = await this.#relay.offerFeed(callId, plainOffer, SIGNAL);
    const { data, jsep } = await this.#probe.message(handle, body, { type: 'offer', sdp });
    if (!jsep) throw new Error(`no answer of Janus: ${JSON.stringify(data)}`);
    return { room: jsep.sdp, relay: await this.#relay.answerFeed(callId, jsep.sdp, SIGNAL) };
  }
}

function soundSdp(port: number): string {
  const lines = [
    'v=0',
    `o=- 1 1 IN IP4 ${LOOPBACK}`,
    's=-',
    `c=IN IP4 ${LOOPBACK}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 111`,
    'a=rtpmap:111 opus/48000/2',
    `a=extmap:${LEVEL_EXTENSION_ID} urn:ietf:params:rtp-hdrext:ssrc-audio-level`,
    `a=ssrc:${SOUND_SSRC} cname:microphone`,
    'a=sendonly',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** Puts a one-byte header extension into a packet, RFC 8285 §4.2. */
function withLevel(rtp: Buffer, levelDbov: number): Buffer {
  const header = Buffer.from(rtp.subarray(0, 12));
  header[0] = (header[0] ?? 0) | 0x10;
  const extension = Buffer.from([0xbe, 0xde, 0, 1, LEVEL_EXTENSION_ID << 4, levelDbov, 0, 0]);
  return Buffer.concat([header, extension, rtp.subarray(12)]);
}
