/**
 * What the gateway and the stage say to each other over their WebSocket.
 *
 * The gateway sends requests `{id, method, params}`; the stage answers
 * `{id, result}` or `{id, error: {code, message}}` and sends events
 * `{event, params}` on its own. Ids of scenes and participants are the
 * gateway's; everything a connection created is dropped when it closes.
 */
import { z } from 'zod';
import { GridSize, SceneLayout } from './layout.ts';

const Port = z.number().int().min(1).max(65535);
const Ssrc = z.number().int().min(1).max(0xffffffff);
const PayloadType = z.number().int().min(0).max(127);
const RtpAddress = z.strictObject({ host: z.string().min(1), rtpPort: Port, rtcpPort: Port });

/** How a peer can be asked for a key frame: PLI RFC 4585 §6.3.1, FIR RFC 5104 §4.3.1, INFO RFC 5168. */
const KeyframeMeans = z.enum(['pli', 'fir', 'info']);

/**
 * What an endpoint's video line was settled on, both ways. `h263` is RFC 2190 (static type 34),
 * `h263-1998` RFC 4629; `h261`, RFC 4587, is only ever received.
 */
export const EndpointVideoCodec = z.enum(['h264', 'h263', 'h263-1998', 'h261']);
export type EndpointVideoCodec = z.infer<typeof EndpointVideoCodec>;

/** What the endpoint's decoder takes, from its fmtp; RFC 6184 §8.1. */
const ReceiverLimits = z.strictObject({
  /** H.264 alone, as is the profile. */
  packetizationMode: z.union([z.literal(0), z.literal(1)]),
  profileLevelId: z.string().regex(/^[0-9a-f]{6}$/i),
  /** Macroblocks per frame. */
  maxFs: z.number().int().positive(),
  /** Macroblocks per second. */
  maxMbps: z.number().int().positive(),
  /** Pictures a second, where it says so. */
  maxFps: z.number().positive().optional(),
  maxBitrateBps: z.number().int().positive(),
});

/** Feedback the endpoint announced besides key frame requests: RFC 4585 §6.2.1, RFC 5104 §4.2.1. */
const Feedback = z.strictObject({ nack: z.boolean(), tmmbr: z.boolean() });

/** Numbers of a stream to go on with after a restart of the stage; RFC 3550 §5.1. */
const StreamPosition = z.strictObject({
  ssrc: Ssrc,
  seq: z.number().int().min(0).max(0xffff),
  timestamp: z.number().int().min(0).max(0xffffffff),
});

/** The port something had before a restart of the stage, so that who sends to it need not know. */
const ResumedPort = z.strictObject({ rtpPort: Port }).optional();

/** What was negotiated of an endpoint's picture; changes with a re-INVITE. */
const EndpointTerms = z.strictObject({
  /** The endpoint's payload type, same in both directions. */
  payloadType: PayloadType,
  codec: EndpointVideoCodec.default('h264'),
  /** False when the endpoint does not send (recvonly, hold) or does not receive. */
  sends: z.boolean(),
  receives: z.boolean(),
  keyframe: KeyframeMeans,
  feedback: Feedback.default({ nack: false, tmmbr: false }),
  limits: ReceiverLimits,
});

export { SceneLayout } from './layout.ts';

const Scene = z.strictObject({ sceneId: z.string().min(1) });
const Member = Scene.extend({ participantId: z.string().min(1) });

/** Three lines of a picture hold no more. */
export const MAX_MESSAGE_CHARS = 300;
/** One line of a picture holds no more. */
export const MAX_QUEUED_NAMES = 5;

/** Somebody in the conference, with or without a picture. */
const Person = z.strictObject({
  participantId: z.string().min(1),
  name: z.string(),
  kind: z.enum(['site', 'browser']),
  muted: z.boolean(),
  /** Asks to speak. */
  handRaised: z.boolean().default(false),
  /** How this one is shown the conference while its layout is `auto`. */
  layout: SceneLayout.optional(),
});

/** How one stream comes in, over the last second or so. */
const StreamQuality = z.strictObject({
  participantId: z.string(),
  /** Of an endpoint or a browser; slides are another stream of the same participant. */
  content: z.boolean(),
  packetsReceived: z.number().int(),
  lossRatio: z.number(),
  jitterMs: z.number(),
  bitrateBps: z.number(),
  /** Whether it is decoded now, which is so as long as somebody is shown it; what follows is of that. */
  decoded: z.boolean(),
  fps: z.number().optional(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  /** Time without a new picture in the last second, in ms. */
  frozenMs: z.number().optional(),
  /** Pictures come, and are all black, or all the same. */
  black: z.boolean().optional(),
  still: z.boolean().optional(),
});
export type StreamQuality = z.infer<typeof StreamQuality>;

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
      ...EndpointTerms.shape,
      /** After a restart: the ports and numbers it had before, so that nobody else notices. */
      resume: z
        .strictObject({
          endpointRtpPort: Port,
          feedRtpPort: Port,
          endpoint: StreamPosition,
          feed: StreamPosition,
        })
        .optional(),
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
    params: Member.extend(EndpointTerms.shape),
    result: z.strictObject({}),
  },
  /** Adds a browser's camera or slides, which the room server forwards to the returned ports. */
  'browser.add': {
    params: Member.extend({
      name: z.string(),
      /** Slides: shown large to everybody, beside the speaker. Another id than the camera's. */
      content: z.boolean().default(false),
      codec: z.enum(['h264', 'vp8']),
      payloadType: PayloadType,
      ssrc: Ssrc,
      resume: ResumedPort,
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
      resume: ResumedPort,
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
      resume: ResumedPort,
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
  /** Who is in the conference, in the order they came; names and marks of the tiles come from here. */
  'scene.people': {
    params: Scene.extend({ people: z.array(Person).max(1000) }),
    result: z.strictObject({}),
  },
  /** How the halls see the conference; a pinned participant has the large place whoever speaks. */
  'scene.layout': {
    params: Scene.extend({
      layout: SceneLayout,
      /** Who leads the meeting: large for everybody in `lecture` and `hq-speaker`. */
      hqId: z.string().optional(),
      pinnedId: z.string().optional(),
      /** Most tiles of a grid; as many as fit when not said. */
      gridSize: GridSize.optional(),
    }),
    result: z.strictObject({}),
  },
  /** A message across every hall's picture, until the next; '' takes it away. */
  'scene.message': {
    params: Scene.extend({ text: z.string().max(MAX_MESSAGE_CHARS) }),
    result: z.strictObject({}),
  },
  /**
   * Who has the floor and who waits for it: a line on every hall's picture, until the next;
   * without a floor and a queue there is none.
   */
  'scene.floor': {
    params: Scene.extend({
      floor: z
        .strictObject({
          name: z.string(),
          /** Counted down from when it arrives; less than 0 since it is over, not there without a limit. */
          remainingMs: z.number().optional(),
        })
        .optional(),
      /** Who waits, the next first. */
      queue: z.array(z.string()).max(MAX_QUEUED_NAMES).default([]),
    }),
    result: z.strictObject({}),
  },
  /**
   * The composed picture as a feed for browsers that cannot decode H.264: VP8, encoded from
   * here until `participant.remove`. Its ports are like those of an endpoint's feed.
   */
  'composed.add': {
    params: Member.extend({
      /** As of an endpoint. */
      resume: z.strictObject({ feedRtpPort: Port, feed: StreamPosition }).optional(),
    }),
    result: z.strictObject({
      feed: RtpAddress.extend({ ssrc: Ssrc, payloadType: PayloadType, cname: z.string() }),
    }),
  },
  /** The far end of the composed feed. */
  'composed.connect': { params: Member.extend({ feed: RtpAddress }), result: z.strictObject({}) },
  /**
   * A JPEG of what a participant sends, or of what an endpoint is shown. Waits for a key frame
   * where the stream is not decoded anyway; `no-picture` when none comes in time.
   */
  'snapshot.take': {
    params: Member.extend({
      of: z.enum(['sent', 'seen']),
      maxWidth: z.number().int().min(16).max(1920).default(640),
    }),
    result: z.strictObject({
      jpegBase64: z.string(),
      width: z.number().int(),
      height: z.number().int(),
      /** Epoch, ms, when the picture was decoded or composed. */
      takenAtMs: z.number(),
    }),
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
      /** Encoders that run, each shared by all endpoints of a profile group that see the same. */
      canvases: z.array(
        z.strictObject({
          sceneId: z.string(),
          /** Like `h264 1280x720@25 1500k mode1`. */
          group: z.string(),
          /** Whom it shows, the largest first. */
          shownIds: z.array(z.string()),
          receivers: z.number().int(),
          /** Pictures encoded in the last second. */
          fps: z.number(),
        }),
      ),
      /** Streams that are decoded now. */
      decoders: z.number().int(),
      load: z.strictObject({
        /** Share of the CPU budget that composing takes, 1 is all of it. */
        budgetUsed: z.number(),
        /** What was given up to stay within it: 0 nothing, 1 frame rate, 2 also tile size, 3 no new groups. */
        level: z.number().int().min(0).max(3),
      }),
      /** UDP sockets open, all scenes. */
      openSockets: z.number().int(),
      residentBytes: z.number().int(),
    }),
  },
} as const;

export type StageMethod = keyof typeof StageRequests;
/** What is asked; what has a default may be left out. */
export type StageParams<M extends StageMethod> = z.input<(typeof StageRequests)[M]['params']>;
/** The same as the stage reads it, defaults filled in. */
export type StageOrder<M extends StageMethod> = z.output<(typeof StageRequests)[M]['params']>;
export type StageResult<M extends StageMethod> = z.infer<(typeof StageRequests)[M]['result']>;

export const StageEvents = {
  /** The endpoint understands neither PLI nor FIR: send it INFO picture_fast_update, RFC 5168. */
  'endpoint.keyframe-needed': Member,
  /** An endpoint whose sound is metered began or stopped to talk. */
  'participant.talking': Member.extend({ talking: z.boolean() }),
  /** An endpoint pressed a key: 0 to 9, `*`, `#`, A to D. Told once for each press. */
  'participant.digit': Member.extend({ digit: z.string().length(1) }),
  /** The large picture an endpoint sees changed; null is the slate. */
  'endpoint.showing': Member.extend({ shownParticipantId: z.string().nullable() }),
  /** Every second: how each camera comes in. */
  'scene.quality': Scene.extend({ streams: z.array(StreamQuality) }),
  /** Every second, and when one is added: where all streams of the scene are, for `resume`. */
  'scene.positions': Scene.extend({
    endpoints: z.array(
      z.strictObject({
        participantId: z.string(),
        endpoint: StreamPosition,
        feed: StreamPosition,
      }),
    ),
    composed: z
      .array(z.strictObject({ participantId: z.string(), feed: StreamPosition }))
      .optional(),
  }),
} as const;

export type StageEventName = keyof typeof StageEvents;
export type StageEventParams<E extends StageEventName> = z.infer<(typeof StageEvents)[E]>;

export const StageRequestFrame = z.strictObject({
  id: z.number().int(),
  method: z.enum(Object.keys(StageRequests) as [StageMethod, ...StageMethod[]]),
  params: z.unknown(),
});

/**
 * `not-found`: no such scene or participant; `ports-exhausted`: the port range is full;
 * `no-picture`: nothing to take a snapshot of; `overloaded`: over the CPU budget.
 */
export const StageErrorCode = z.enum([
  'bad-request',
  'not-found',
  'ports-exhausted',
  'no-picture',
  'overloaded',
  'internal',
]);
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
/** Payload type of VP8 in the composed feed. */
export const COMPOSED_PAYLOAD_TYPE = 96;
