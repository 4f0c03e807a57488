import { z } from 'zod';
import { Oidc } from './oidc.ts';
import { checkPorts } from './ports.ts';
import { Turn } from './turn.ts';

const Port = z.number().int().min(1).max(65_535);
const Count = z.number().int().positive();
const Host = z.string().min(1);
const Network = z.union([z.ipv4(), z.cidrv4(), z.ipv6(), z.cidrv6()], {
  error: 'must be an address or a network, for example 10.1.0.0/16',
});
/** A list in the file, separated by commas in the environment. */
const Networks = z.union([
  z.array(Network),
  z
    .string()
    .transform(text => text.split(/[\s,]+/).filter(part => part !== ''))
    .pipe(z.array(Network)),
]);
const Ipv4 = z.ipv4({ error: 'must be an IPv4 address, for example 192.0.2.10' });

const Http = z.strictObject({
  port: Port.default(8080),
  httpsPort: Port.default(8443),
  /** PEM files; generated into the data folder when not given. Give both or none. */
  certFile: z.string().min(1).optional(),
  keyFile: z.string().min(1).optional(),
});

const SipServer = z.discriminatedUnion('kind', [
  /** The agent of this repository; the gateway reaches it on `appPort`. */
  z.strictObject({ kind: z.literal('embedded'), appPort: Port.default(9022) }),
  /** A drachtio-server of its own. */
  z.strictObject({
    kind: z.literal('drachtio'),
    host: Host,
    port: Port,
    secret: z.string().min(1),
  }),
]);

/** TLS 1.2 and 1.3. */
const SipTls = z.strictObject({
  enabled: z.boolean().default(true),
  port: Port.default(5061),
});

/** TLS from 1.0 on and weak ciphers, for room codecs that know no better. */
const SipLegacyTls = z.strictObject({
  enabled: z.boolean().default(false),
  port: Port.default(5062),
  /** Who may connect there; what they say can be read and changed by others. */
  allow: Networks.default([]),
});

/** Who is let near the SIP port. */
const SipGuard = z.strictObject({
  enabled: z.boolean().default(true),
  /** Never banned and never slowed: a trunk, a proxy in front, a monitor. */
  trusted: Networks.default([]),
  /** Messages a second from one address; five seconds' worth may come at once. */
  maxRatePerSec: Count.default(400),
});

const Sip = z.strictObject({
  /** UDP and TCP. */
  port: Port.default(5060),
  /** A second address of the embedded agent. */
  ipv6Host: z.ipv6({ error: 'must be an IPv6 address, for example 2001:db8::10' }).optional(),
  /** PEM files for both TLS listeners; those of https when not given, else a generated one. Give both or none. */
  certFile: z.string().min(1).optional(),
  keyFile: z.string().min(1).optional(),
  tls: SipTls.prefault({}),
  legacyTls: SipLegacyTls.prefault({}),
  /** Digest realm, RFC 7616 §3.3; changing it makes stored digests useless. */
  realm: z.string().min(1).default('diemcau'),
  /**
   * What endpoints may prove themselves by, the preferred first. MD5 alone by
   * default: there are devices that give up on the whole answer when one of its
   * challenges is of a kind they do not know (baresip 1.0 fails with ENOSYS,
   * wherever the MD5 challenge stands), and room codecs cannot be updated.
   */
  digest: z.enum(['md5', 'md5-first', 'sha-256-first', 'sha-256']).default('md5'),
  guard: SipGuard.prefault({}),
  server: SipServer.prefault({ kind: 'embedded' }),
  /** Encrypted sound and picture (SRTP, keys in the SDP): never, where the endpoint offers it, or nothing else. */
  srtp: z.enum(['off', 'best-effort', 'required']).default('best-effort'),
  /** A shorter registration is answered 423 with this Min-Expires, RFC 3261 §10.3. */
  registrationMinSec: Count.default(60),
  /** A longer registration is shortened to this. */
  registrationMaxSec: Count.default(3600),
  /** Between two questions (OPTIONS) to an endpoint whether it is there. */
  qualifyIntervalSec: Count.default(60),
  /** How long a 200 to INVITE waits for its ACK before BYE; 64*T1, RFC 3261 §13.3.1.4. */
  ackTimeoutMs: Count.default(32_000),
});

const Media = z.strictObject({
  /** rtpengine's control port (UDP, protocol ng). */
  ngHost: Host.default('127.0.0.1'),
  ngPort: Port.default(18_223),
  /** rtpengine's RTP ports, towards endpoints and towards the other engines. */
  rtpPortMin: Port.default(30_000),
  rtpPortMax: Port.default(34_999),
  /** rtpengine's threads; with more than one, packets of one stream overtake each other. */
  threads: Count.default(1),
  /** A call without RTP and RTCP for this long is ended. */
  silentTimeoutMs: Count.default(30_000),
  requestTimeoutMs: Count.default(3000),
});

const Rooms = z.strictObject({
  /** Janus on another machine; when not given, one is started on this machine at `wsPort`. */
  url: z.url({ protocol: /^wss?$/ }).optional(),
  wsPort: Port.default(18_188),
  /** WebRTC, towards browsers and rtpengine. */
  rtpPortMin: Port.default(20_000),
  rtpPortMax: Port.default(24_999),
  /** Plain RTP of the AudioBridge. */
  audioPortMin: Port.default(25_000),
  audioPortMax: Port.default(27_999),
  requestTimeoutMs: Count.default(5000),
  audioSamplingRateHz: z
    .union([z.literal(8000), z.literal(16_000), z.literal(48_000)], {
      error: 'must be 8000, 16000 or 48000',
    })
    .default(16_000),
  maxVideoBitrateBps: Count.default(768_000),
  /** An empty conference's rooms are closed after this. */
  idleCloseMs: Count.default(10_000),
  /** A laptop whose connection was lost keeps its place for so long: floor, hand, large picture, chair. */
  comeBackMs: Count.default(60_000),
  turn: Turn.optional(),
});

const Stage = z.strictObject({
  /** A stage on another machine; when not given, one is started on this machine at `port`. */
  url: z.url({ protocol: /^wss?$/ }).optional(),
  port: Port.default(18_190),
  rtpPortMin: Port.default(36_000),
  rtpPortMax: Port.default(39_999),
  requestTimeoutMs: Count.default(3000),
  /** Height of the largest picture that is composed, in lines. */
  maxPictureHeight: z
    .union([z.literal(720), z.literal(1080)], { error: 'must be 720 or 1080' })
    .default(720),
  /** Pictures a second that are composed at most. */
  maxFps: z.union([z.literal(25), z.literal(30)], { error: 'must be 25 or 30' }).default(25),
  /** Bit rate of what a hall is sent at most, where its own limits allow it; 1080 lines need 2.5 Mbit/s. */
  maxBitrateBps: Count.default(1_500_000),
  /** Cores that composing may take, like 1.4; seven tenths of the machine's when not given. */
  cpuBudget: z.number().positive().optional(),
  /** Threads that decode, compose and encode; as many as the machine has cores when not given. */
  workers: Count.optional(),
  /** Names in every picture, or only where one is composed anyway: else one full picture is passed through. */
  names: z.enum(['always', 'composed']).default('composed'),
});

/** Calls of ours to room codecs. */
const Dialling = z.strictObject({
  /** How long a device may ring. */
  ringTimeoutMs: Count.default(45_000),
  /** A device that shows nothing for so long is called unreachable. */
  reactTimeoutMs: Count.default(10_000),
  /** Calls that may ring at once, of one meeting. */
  atOnce: Count.default(8),
  /** Calls begun per second at most, of one meeting. */
  perSecond: Count.default(4),
  /** Between two rounds through the endpoints of a site that was not reached. */
  retryAfterMs: Count.default(120_000),
  /** Rounds through the endpoints of a site before it is given up. */
  rounds: Count.default(3),
});

const Speaker = z.strictObject({
  /** A new speaker is shown at the earliest this long after the last change. */
  holdMs: z.number().int().nonnegative().default(1500),
  /** Shorter sounds, like a cough, never change the picture. */
  minTalkMs: z.number().int().nonnegative().default(300),
});

const LogLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);

const shape = {
  /** Address of this machine for SIP, media and links. */
  publicHost: Ipv4.optional(),
  /** Address for plain RTP between the engines. */
  internalHost: Ipv4.default('127.0.0.1'),
  /** Database, secrets, generated configuration and logs; relative to the repository. */
  dataDir: z.string().min(1).default('var'),
  /** PostgreSQL instead of SQLite in the data folder; holds a password. */
  databaseUrl: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be like postgresql://user:password@host/database')
    .optional(),
  /** Bearer token of the REST API; generated into the data folder when not given. */
  adminToken: z.string().min(8).optional(),
  logLevel: LogLevel.default('info'),
  /** Whether names, numbers and addresses of people (`pii.*`) are written to the log. */
  logPersonalData: z.boolean().default(false),
  /** How many calls are kept with their messages for `GET /api/v1/call-log`. */
  callLogLength: Count.default(500),
  http: Http.prefault({}),
  oidc: Oidc.optional(),
  sip: Sip.prefault({}),
  media: Media.prefault({}),
  rooms: Rooms.prefault({}),
  stage: Stage.prefault({}),
  speaker: Speaker.prefault({}),
  dialling: Dialling.prefault({}),
};

/** Everything a file or the environment may set; an unknown key is an error. */
export const SettingsSchema = z
  .strictObject(shape)
  .superRefine(checkPorts)
  .superRefine(({ http, sip }, ctx) => {
    for (const [name, { certFile, keyFile }] of Object.entries({ http, sip })) {
      if ((certFile === undefined) === (keyFile === undefined)) continue;
      const path = [name, certFile === undefined ? 'certFile' : 'keyFile'];
      ctx.addIssue({ code: 'custom', path, message: 'certFile and keyFile go together' });
    }
  })
  .superRefine(({ sip: { legacyTls } }, ctx) => {
    if (!legacyTls.enabled || legacyTls.allow.length > 0) return;
    const message = 'must name the devices that need it';
    ctx.addIssue({ code: 'custom', path: ['sip', 'legacyTls', 'allow'], message });
  })
  .superRefine(({ sip }, ctx) => {
    if (sip.registrationMinSec <= sip.registrationMaxSec) return;
    const path = ['sip', 'registrationMinSec'];
    ctx.addIssue({ code: 'custom', path, message: 'must not be above sip.registrationMaxSec' });
  });

/** What the program runs with: `publicHost` is known and `dataDir` is absolute. */
export interface Settings extends Omit<z.output<typeof SettingsSchema>, 'publicHost'> {
  readonly publicHost: string;
}

export type LogLevelName = z.output<typeof LogLevel>;
