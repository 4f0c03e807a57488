import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A phone of the Debian package `baresip-core`, as the demonstration and the tests use it. */
export interface BaresipProfile {
  /** Holds its configuration, its recordings and its snapshots; made when missing. */
  readonly folder: string;
  /** Address of this machine that it speaks from. */
  readonly localHost: string;
  /** Its own SIP port; 0 takes a free one. */
  readonly sipPort: number;
  /** Where commands are taken as JSON in netstrings. */
  readonly controlPort: number;
  readonly account: {
    readonly username: string;
    readonly password: string;
    readonly serverHost: string;
    readonly serverPort: number;
    readonly transport: 'udp' | 'tcp';
    /** 0 does not register. */
    readonly registrationSec: number;
    /** In baresip's words: `PCMA/8000/1`, `G722/16000/1`, `opus/48000/2`. */
    readonly audioCodecs: readonly string[];
  };
  /** What its microphone hears. */
  readonly toneHz: number;
  /** What its camera sees; a file FFmpeg can read, played again and again. */
  readonly videoFile: string;
  /** Writes `dump-*-dec.wav` of what it hears. */
  readonly record: boolean;
  /** Answers by itself; else it rings until it is told to. */
  readonly answers: boolean;
  /** Dials again whenever a call has ended. */
  readonly redials: boolean;
}

const RTP_PORTS = '40000-49999';

const MODULES = [
  'g711',
  'g722',
  'opus',
  'avcodec',
  'avformat',
  'fakevideo',
  'ausine',
  'snapshot',
  'srtp',
];

/** Writes `config`, `accounts` and `contacts` for `baresip -f <folder>`. */
export function writeBaresipConfig(profile: BaresipProfile): void {
  mkdirSync(profile.folder, { recursive: true });
  writeFileSync(join(profile.folder, 'config'), config(profile));
  writeFileSync(join(profile.folder, 'accounts'), `${account(profile)}\n`, { mode: 0o600 });
  writeFileSync(join(profile.folder, 'contacts'), '');
}

function config(profile: BaresipProfile): string {
  const modules = profile.record ? [...MODULES, 'sndfile'] : MODULES;
  const lines = [
    'poll_method epoll',
    `sip_listen ${profile.localHost}:${profile.sipPort}`,
    `net_interface ${profile.localHost}`,
    'call_max_calls 1',
    `audio_source ausine,${profile.toneHz}`,
    'audio_player none',
    'audio_alert none',
    // ausine knows only 48 kHz in stereo; baresip resamples to what the codec wants.
    'ausrc_srate 48000',
    'ausrc_channels 2',
    `video_source avformat,${profile.videoFile}`,
    'video_display fakevideo,nil',
    'video_size 640x360',
    'video_bitrate 500000',
    'video_fps 25.00',
    `rtp_ports ${RTP_PORTS}`,
    'rtcp_mux no',
    'jitter_buffer_delay 2-10',
    'avcodec_h264enc libx264',
    'avcodec_h264dec h264',
    'statmode_default off',
    `redial_attempts ${profile.redials ? 'inf' : '0'}`,
    'redial_delay 5',
    'module_path /usr/lib/baresip/modules',
    ...modules.map(name => `module ${name}.so`),
    'module_tmp account.so',
    'module_app menu.so',
    'module_app debug_cmd.so',
    'module_app ctrl_tcp.so',
    `ctrl_tcp_listen ${profile.localHost}:${profile.controlPort}`,
    `snd_path ${profile.folder}`,
  ];
  return `${lines.join('\n')}\n`;
}

function account({ account, answers }: BaresipProfile): string {
  const { username, password, serverHost, serverPort, transport, registrationSec } = account;
  const parameters = [
    `regint=${registrationSec}`,
    `auth_user=${username}`,
    `auth_pass=${password}`,
    `answermode=${answers ? 'auto' : 'manual'}`,
    `audio_codecs=${account.audioCodecs.join(',')}`,
    'video_codecs=H264',
  ];
  const uri = `sip:${username}@${serverHost}:${serverPort};transport=${transport}`;
  return `<${uri}>;${parameters.join(';')}`;
}
