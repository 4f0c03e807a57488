/**
 * What the gateway and the stage say to each other over their WebSocket.
 *
 * The gateway sends requests `{id, method, params}`; the stage answers
 * `{id, result}` or `{id, error: {code, message}}` and sends events
 * `{event, params}` on its own. Ids of scenes and participants are the
 * gateway's; everything a connection created is dropped when it closes.
 */
import { z } from 'zod';

const Port = z.number().int().min(1).max(65535);
const Ssrc = z.number().int().min(1).max(0xffffffff);
const PayloadType = z.number().int().min(0).max(127);
const RtpAddress = z.strictObject({ host: z.string().min(1), rtpPort: Port, rtcpPort: Port });

/** How a peer can be asked for a key frame: PLI RFC 4585 §6.3.1, FIR RFC 5104 §4.3.1, INFO RFC 5168. */
const KeyframeMeans = z.enum(['pli', 'fir', 'info']);

/** What the endpoint's decoder takes, from its fmtp; RFC 6184 §8.1. */
const ReceiverLimits = z.strictObject({
  packetizationMode: z.union([z.literal(0), z.literal(1)]),
  profileLevelId: z.string().regex(/^[0-9a-f]{6}$/i),
  /** Macroblocks per frame. */
  maxFs: z.number().int().positive(),
  /** Macroblocks per second. */
  maxMbps: z.number().int().positive(),
  maxBitrateBps: z.number().int().positive(),
});

const Scene = z.strictObject({ sceneId: z.string().min(1) });
const Member = Scene.extend({ participantId: z.string().min(1) });

export const StageRequests = {
  /** Opens a scene; opening one that exists updates what its slate says. */
  'scene.open': {
    params: Scene.extend({
      title: z.string(),
      /** Below the title on the slate; that others are waited for when not given. */
      lines: z.array(z.string().max(200)).max(8).optional(),
    }),
    result: z.strictObject({}),
  },
  /** Closes a scene and everything in it; an unknown scene is not an error. */
  'scene.close': { params: Scene, result: z.strictObject({}) },
  /**
   * Adds an endpoint: its camera comes in and its picture goes out on one RTP
   * port pair (symmetric RTP, RFC 4961). `feed` is where its camera is
   * published from, with this fixed SSRC.
   */
  'endpoint.add': {
    params: Member.extend({
      name: z.string(),
      /** The endpoint's payload type, same in both directions. */
      payloadType: PayloadType,
      /** False when the endpoint does not send (recvonly, hold) or does not receive. */
      sends: z.boolean(),
      receives: z.boolean(),
      keyframe: KeyframeMeans,
      limits: ReceiverLimits,
    }),
    result: z.strictObject({
      /** Where the relay sends the endpoint's video and RTCP. */
      endpoint: RtpAddress,
      /** Where the published feed comes from; `ssrc` and payload type 107 never change. */
      feed: RtpAddress.extend({ ssrc: Ssrc, payloadType: PayloadType, cname: z.string() }),
    }),
  },
  /** Tells the far ends of an endpoint's two port pairs; again after each renegotiation. */
  'endpoint.connect': {
    params: Member.extend({ endpoint: RtpAddress.optional(), feed: RtpAddress.optional() }),
    result: z.strictObject({}),
  },
  /** Changes what was negotiated, after a re-INVITE; the SSRCs stay. */
  'endpoint.update': {
    params: Member.extend({
      payloadType: PayloadType,
      sends: z.boolean(),
      receives: z.boolean(),
      keyframe: KeyframeMeans,
      limits: ReceiverLimits,
    }),
    result: z.strictObject({}),
  },
  /** Adds a browser's camera, which the room server forwards to the returned ports. */
  'browser.add': {
    params: Member.extend({
      name: z.string(),
      codec: z.enum(['h264', 'vp8']),
      payloadType: PayloadType,
      ssrc: Ssrc,
    }),
    result: z.strictObject({ source: RtpAddress }),
  },
  /** Where RTCP feedback for a browser's camera is to be sent. */
  'browser.connect': {
    params: Member.extend({
      feedback: z.strictObject({ host: z.string().min(1), rtcpPort: Port }),
    }),
    result: z.strictObject({}),
  },
  /**
   * Listens to a copy of an endpoint's sound and tells by `participant.talking`
   * when it talks, and by `participant.digit` which keys it presses. The
   * participant need not have a picture in the scene.
   */
  'meter.open': {
    params: Member.extend({
      codec: z.enum(['opus', 'g722', 'pcma', 'pcmu']),
      /** Of telephone events, RFC 4733; no keys are heard without. */
      dtmfPayloadType: PayloadType.optional(),
    }),
    result: z.strictObject({ copy: RtpAddress }),
  },
  /**
   * Becomes the far end of an endpoint's sound: speaks to it, and tells by
   * `participant.digit` which keys it presses.
   */
  'announcer.open': {
    params: Member.extend({
      codec: z.enum(['pcma', 'pcmu']),
      payloadType: PayloadType,
      dtmfPayloadType: PayloadType.optional(),
    }),
    result: z.strictObject({ sound: RtpAddress }),
  },
  /** Where the announcer speaks to; from now on it sends, silence when it has nothing to say. */
  'announcer.connect': { params: Member.extend({ to: RtpAddress }), result: z.strictObject({}) },
  /** Says this instead of what is being said; an empty clip says nothing. */
  'announcer.play': {
    params: Member.extend({
      /** 16-bit little-endian samples, 8 kHz, one channel. */
      clipBase64: z.string().max(900_000),
    }),
    result: z.strictObject({}),
  },
  /** Removes an endpoint or a browser, and the meter and announcer of that name; an unknown one is not an error. */
  'participant.remove': { params: Member, result: z.strictObject({}) },
  /** Who speaks, the latest first; an endpoint is shown the first of them that is not itself and has a picture. */
  'scene.speakers': {
    params: Scene.extend({ participantIds: z.array(z.string()) }),
    result: z.strictObject({}),
  },
  /** Asks the source that this endpoint sees for a key frame, as a SIP INFO from the endpoint wants. */
  'endpoint.refresh': { params: Member, result: z.strictObject({}) },
  /** All that the stage holds, for health checks and tests. */
  'stage.status': {
    params: z.strictObject({}),
    result: z.strictObject({
      scenes: z.array(
        z.strictObject({
          sceneId: z.string(),
          title: z.string(),
          participants: z.array(
            z.strictObject({
              participantId: z.string(),
              kind: z.enum(['endpoint', 'browser']),
              /** Packets taken from the camera so far. */
              packetsReceived: z.number().int(),
              /** Packets sent to the endpoint so far; 0 for browsers. */
              packetsSent: z.number().int(),
              /** Whose picture the endpoint sees; null is the slate, absent for browsers. */
              showing: z.string().nullable().optional(),
              lastRtpAgoMs: z.number().int().nullable(),
              /** Share of the camera's packets lost on the way here, 0 to 1, over the last report. */
              receivedLossRatio: z.number().optional(),
              /** Share lost on the way to the endpoint, as it reports itself. */
              sentLossRatio: z.number().optional(),
              roundTripMs: z.number().int().optional(),
            }),
          ),
        }),
      ),
      /** UDP sockets open, all scenes. */
      openSockets: z.number().int(),
      residentBytes: z.number().int(),
    }),
  },
} as const;

export type StageMethod = keyof typeof StageRequests;
export type StageParams<M extends StageMethod> = z.infer<(typeof StageRequests)[M]['params']>;
export type StageResult<M extends StageMethod> = z.infer<(typeof StageRequests)[M]['result']>;

export const StageEvents = {
  /** The endpoint understands neither PLI nor FIR: send it INFO picture_fast_update, RFC 5168. */
  'endpoint.keyframe-needed': Member,
  /** An endpoint whose sound is metered began or stopped to talk. */
  'participant.talking': Member.extend({ talking: z.boolean() }),
  /** An endpoint pressed a key: 0 to 9, `*`, `#`, A to D. Told once for each press. */
  'participant.digit': Member.extend({ digit: z.string().length(1) }),
  /** The picture an endpoint sees changed; null is the slate. */
  'endpoint.showing': Member.extend({ shownParticipantId: z.string().nullable() }),
} as const;

export type StageEventName = keyof typeof StageEvents;
export type StageEventParams<E extends StageEventName> = z.infer<(typeof StageEvents)[E]>;

export const StageRequestFrame = z.strictObject({
  id: z.number().int(),
  method: z.enum(Object.keys(StageRequests) as [StageMethod, ...StageMethod[]]),
  params: z.unknown(),
});

/** `not-found`: no such scene or participant; `ports-exhausted`: the port range is full. */
export const StageErrorCode = z.enum(['bad-request', 'not-found', 'ports-exhausted', 'internal']);
export type StageErrorCode = z.infer<typeof StageErrorCode>;

export const StageReplyFrame = z.union([
  z.strictObject({ id: z.number().int(), result: z.unknown() }),
  z.strictObject({
    id: z.number().int(),
    error: z.strictObject({ code: StageErrorCode, message: z.string() }),
  }),
  z.strictObject({
    event: z.enum(Object.keys(StageEvents) as [StageEventName, ...StageEventName[]]),
    params: z.unknown(),
  }),
]);

/** Payload type of H.264 in every feed; the room server's own choice towards subscribers. */
export const FEED_PAYLOAD_TYPE = 107;
/** Constrained baseline 3.1, what every browser decodes. */
export const FEED_PROFILE_LEVEL_ID = '42e01f';
