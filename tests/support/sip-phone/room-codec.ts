import { MediaStream, type StreamTarget } from './media-stream.ts';
import type { Frame } from './moving-picture.ts';
import { type AnsweredCall, type PhoneOptions, SipPhone } from './sip-phone.ts';
import { SrtpKey } from './srtp.ts';

const AUDIO = { pcma: { payloadType: 8, name: 'PCMA' }, g722: { payloadType: 9, name: 'G722' } };
/** Not the usual 101: a payload type is what the SDP says. */
const EVENTS_PT = 110;
const KEYS = '0123456789*#';
const KEY_PACKETS = 5;
const KEY_PAUSE_MS = 60;
/** RFC 6184 §8.2.1; RFC 3551 §6 and, for what H.263 decodes, RFC 4629 §8.1.1. */
const VIDEO = {
  h264: {
    payloadType: 97,
    lines: [
      'a=rtpmap:97 H264/90000',
      'a=fmtp:97 profile-level-id=42801f;packetization-mode=1',
      'a=rtcp-fb:97 nack pli',
      'a=rtcp-fb:97 ccm fir',
    ],
  },
  h263: { payloadType: 34, lines: ['a=rtpmap:34 H263/90000', 'a=fmtp:34 CIF=1;QCIF=1'] },
} as const;
/** RFC 6184 §8.1; level 3.1. */
const PROFILE_LEVEL_IDS = { baseline: '42801f', high: '64001f' } as const;
const AUDIO_FRAME_MS = 20;
const AUDIO_FRAME_SAMPLES = 160;
const VIDEO_CLOCK_PER_MS = 90;
const REPORT_INTERVAL_MS = 5000;
/** More than this behind its time, it does not catch up. */
const LATE_MS = 300;

/** What a room codec sends, the same for all: frames by number, sound in pieces of 20 ms. */
export interface CodecMedia {
  readonly frames: readonly Frame[];
  readonly fps: number;
  readonly audio: readonly Buffer[];
  readonly audioCodec?: keyof typeof AUDIO;
  /** Of the frames, and all that the codec takes; H.264 when not given. */
  readonly videoCodec?: keyof typeof VIDEO;
  /** That of the H.264 frames and, as many codecs offer it, of what it takes; baseline when not given. */
  readonly profile?: keyof typeof PROFILE_LEVEL_IDS;
}

interface Playing {
  readonly startedAtMs: number;
  nextAudio: number;
  nextFrame: number;
  /** In the frames; begins anew with a key frame. */
  at: number;
}

/** A light room codec: a phone whose PCMA sound and H.264 picture are played from memory. */
export class RoomCodec {
  readonly phone: SipPhone;
  readonly audio: MediaStream;
  readonly video: MediaStream;
  /** What it does not send, though its SDP says so; its RTCP goes on. */
  readonly withheld = new Set<'audio' | 'video'>();
  readonly #media: CodecMedia;
  readonly #host: string;
  #playing: Playing | undefined;
  #nextReportMs = 0;
  readonly #keys: { audio?: SrtpKey; video?: SrtpKey } = {};
  #version = 0;

  private constructor(
    phone: SipPhone,
    audio: MediaStream,
    video: MediaStream,
    media: CodecMedia,
    host: string,
  ) {
    this.phone = phone;
    this.audio = audio;
    this.video = video;
    this.#media = media;
    this.#host = host;
    phone.onHungUp = () => this.#stopPlaying();
    phone.onReoffer = offered => this.#takeReoffer(offered);
    video.onKeyFrameRequest = () => this.#restart();
    phone.onPictureFastUpdate = () => this.#restart();
  }

  /** The caller closes it. */
  static async open(options: PhoneOptions, media: CodecMedia): Promise<RoomCodec> {
    const [phone, audio, video] = await Promise.all([
      SipPhone.open(options),
      MediaStream.open(options.host, AUDIO[media.audioCodec ?? 'pcma'].payloadType),
      MediaStream.open(options.host, VIDEO[media.videoCodec ?? 'h264'].payloadType),
    ]);
    return new RoomCodec(phone, audio, video, media, options.host);
  }

  get videoCodec(): keyof typeof VIDEO {
    return this.#media.videoCodec ?? 'h264';
  }

  /** Dials; from the answer on `play` sends. */
  async call(number: string): Promise<AnsweredCall> {
    const answered = await this.phone.call(number, this.#description({}));
    this.#follow(answered.answerSdp);
    this.#begin();
    return answered;
  }

  /** Dials without SDP and answers what it is offered; encrypted when that is. */
  async callWithoutOffer(number: string): Promise<string> {
    const offerSdp = await this.phone.callWithoutOffer(number, offered => {
      this.#secure(offered);
      return this.#description({ offered });
    });
    this.#follow(offerSdp);
    this.#begin();
    return offerSdp;
  }

  /** Describes itself anew; gives the answer. Both streams follow it. */
  async renegotiate(changes: Description): Promise<string> {
    const answerSdp = await this.phone.reinvite(this.#description(changes));
    this.#follow(answerSdp);
    return answerSdp;
  }

  /** Asks to be offered what stands, and takes it; gives the offer. */
  async renegotiateWithoutOffer(): Promise<string> {
    const offerSdp = await this.phone.reinviteWithoutOffer(() => this.#description({}));
    this.#follow(offerSdp);
    return offerSdp;
  }

  /** Presses keys, one after the other, as telephone events; RFC 4733 §2.5. */
  async press(keys: string): Promise<void> {
    for (const key of keys) {
      const timestamp = (this.#playing?.nextAudio ?? 0) * AUDIO_FRAME_SAMPLES;
      for (let at = 1; at <= KEY_PACKETS + 2; at++) {
        const event = Buffer.from([KEYS.indexOf(key), at >= KEY_PACKETS ? 0x8a : 0x0a, 0, 0]);
        event.writeUInt16BE(Math.min(at, KEY_PACKETS) * AUDIO_FRAME_SAMPLES, 2);
        this.audio.send(event, timestamp, at === 1, EVENTS_PT);
        await new Promise(resolve => setTimeout(resolve, AUDIO_FRAME_MS));
      }
      await new Promise(resolve => setTimeout(resolve, KEY_PAUSE_MS));
    }
  }

  async hangUp(): Promise<void> {
    this.#stopPlaying();
    await this.phone.hangUp();
  }

  /** Sends what is due; call it every few milliseconds with `performance.now()`. */
  play(nowMs: number): void {
    const playing = this.#playing;
    if (!playing) return;
    const elapsedMs = nowMs - playing.startedAtMs;
    this.#leaveOutMissed(playing, elapsedMs);
    while (playing.nextAudio * AUDIO_FRAME_MS <= elapsedMs) this.#sendAudio(playing.nextAudio++);
    const frameMs = 1000 / this.#media.fps;
    while (playing.nextFrame * frameMs <= elapsedMs) this.#sendFrame(playing.nextFrame++);
    if (nowMs >= this.#nextReportMs) this.#report(elapsedMs, nowMs);
  }

  close(): void {
    this.#stopPlaying();
    this.phone.close();
    this.audio.close();
    this.video.close();
  }

  /**
   * A device that comes late leaves out what it missed. A burst of old sound would also
   * make rtpengine deaf: five times more than 50 packets at once, and it reads a port no more.
   */
  #leaveOutMissed(playing: Playing, elapsedMs: number): void {
    if (elapsedMs - playing.nextAudio * AUDIO_FRAME_MS < LATE_MS) return;
    playing.nextAudio = Math.ceil(elapsedMs / AUDIO_FRAME_MS);
    playing.nextFrame = Math.ceil((elapsedMs * this.#media.fps) / 1000);
  }

  #sendAudio(index: number): void {
    if (this.withheld.has('audio')) return;
    const { audio } = this.#media;
    const piece = audio[index % audio.length];
    if (piece) this.audio.send(piece, index * AUDIO_FRAME_SAMPLES, index === 0);
  }

  #sendFrame(index: number): void {
    if (this.withheld.has('video')) return;
    const { frames, fps } = this.#media;
    const playing = this.#playing;
    const frame = playing && frames[playing.at++ % frames.length];
    const timestamp = Math.trunc((index * 1000 * VIDEO_CLOCK_PER_MS) / fps);
    frame?.payloads.forEach((payload, at) => {
      this.video.send(payload, timestamp, at === frame.payloads.length - 1);
    });
  }

  #report(elapsedMs: number, nowMs: number): void {
    this.#nextReportMs = nowMs + REPORT_INTERVAL_MS;
    this.audio.report(Math.trunc((elapsedMs / AUDIO_FRAME_MS) * AUDIO_FRAME_SAMPLES));
    this.video.report(Math.trunc(elapsedMs * VIDEO_CLOCK_PER_MS));
  }

  /** The next frame is a key frame: the picture begins anew. */
  #restart(): void {
    if (this.#playing) this.#playing.at = 0;
  }

  #stopPlaying(): void {
    this.#playing = undefined;
    this.audio.sendTo(undefined);
    this.video.sendTo(undefined);
  }

  #begin(): void {
    this.#playing = { startedAtMs: performance.now(), nextAudio: 0, nextFrame: 0, at: 0 };
  }

  /** Sends where the other side says, as far as it takes anything. */
  #follow(sdp: string): void {
    this.audio.sendTo(targetOf(sdp, 'audio'));
    this.video.sendTo(targetOf(sdp, 'video'));
  }

  /** Goes on as the other side offers now. */
  #takeReoffer(offered: string): string {
    this.#secure(offered);
    this.#follow(offered);
    return this.#description({ offered });
  }

  /** Takes the offered keys and makes its own. */
  #secure(offerSdp: string): void {
    for (const kind of ['audio', 'video'] as const) {
      const section = sectionOf(offerSdp, kind);
      if (!/^\d+ RTP\/SAVP /.test(section)) continue;
      const keys = { ours: SrtpKey.random(), theirs: SrtpKey.of(section) };
      this.#keys[kind] = keys.ours;
      this[kind].secure(keys);
    }
  }

  #description({
    direction = 'sendrecv',
    host = this.#host,
    withoutVideo,
    offered = '',
  }: Description): string {
    this.#version += 1;
    const audio = AUDIO[this.#media.audioCodec ?? 'pcma'];
    const { profile = 'baseline' } = this.#media;
    const video = VIDEO[this.videoCodec];
    const videoLines = video.lines.map(line =>
      line.replace(PROFILE_LEVEL_IDS.baseline, PROFILE_LEVEL_IDS[profile]),
    );
    const keys = this.#keys;
    const proto = {
      audio: keys.audio ? 'RTP/SAVP' : 'RTP/AVP',
      video: keys.video ? 'RTP/SAVP' : 'RTP/AVP',
    };
    const keyLine = (kind: 'audio' | 'video') =>
      keys[kind] ? [keys[kind].line(sectionOf(offered, kind))] : [];
    return [
      'v=0',
      `o=codec 7001 ${this.#version} IN IP4 ${this.#host}`,
      's=-',
      `c=IN IP4 ${host}`,
      'b=AS:1024',
      't=0 0',
      `m=audio ${this.audio.port} ${proto.audio} ${audio.payloadType} ${EVENTS_PT}`,
      `a=rtpmap:${audio.payloadType} ${audio.name}/8000`,
      `a=rtpmap:${EVENTS_PT} telephone-event/8000`,
      `a=fmtp:${EVENTS_PT} 0-11`,
      `a=${direction}`,
      ...keyLine('audio'),
      `m=video ${withoutVideo ? 0 : this.video.port} ${proto.video} ${video.payloadType}`,
      ...keyLine('video'),
      ...videoLines,
      `a=${direction}`,
      '',
    ].join('\r\n');
  }
}

/** What a codec says of itself; both ways, from its own address, with a picture when not said. */
export interface Description {
  readonly direction?: 'sendrecv' | 'sendonly' | 'inactive';
  readonly host?: string;
  readonly withoutVideo?: boolean;
  /** What it answers, for the tags of its keys. */
  readonly offered?: string;
}

/** Undefined when nothing is to be sent there. */
function targetOf(sdp: string, kind: string): StreamTarget | undefined {
  const own = sectionOf(sdp, kind);
  const rtpPort = Number.parseInt(own, 10);
  const host = /^c=IN IP4 (\S+)/m.exec(own)?.[1] ?? /^c=IN IP4 (\S+)/m.exec(sdp)?.[1];
  if (!rtpPort || !host || /^a=(sendonly|inactive)/m.test(own)) return undefined;
  return { host, rtpPort };
}

/** What follows `m=audio ` or `m=video `, until the next m-line. */
function sectionOf(sdp: string, kind: string): string {
  const [, section = ''] = sdp.split(new RegExp(`^m=${kind} `, 'm'));
  return section.split(/^m=/m)[0] ?? '';
}
