/**
 * Janus' messages, read at the door: past this file nobody sees its field names.
 * Shapes as Janus 1.1.2 sends them, https://janus.conf.meetecho.com/docs/rest.html
 */
import { z } from 'zod';
import { GatewayError } from '../domain/errors.ts';

const Jsep = z.object({ type: z.enum(['offer', 'answer']), sdp: z.string() });
export type Jsep = z.infer<typeof Jsep>;

const Frame = z.looseObject({
  janus: z.string(),
  transaction: z.string().optional(),
  session_id: z.number().optional(),
  sender: z.number().optional(),
  data: z.looseObject({ id: z.number() }).optional(),
  plugindata: z.looseObject({ data: z.looseObject({}) }).optional(),
  jsep: Jsep.optional(),
  error: z.looseObject({ code: z.number(), reason: z.string() }).optional(),
});
export type JanusFrame = z.infer<typeof Frame>;

/** One frame off the socket; undefined when it is not Janus' protocol. */
export function parseFrame(text: string): JanusFrame | undefined {
  try {
    return Frame.parse(JSON.parse(text));
  } catch {
    return undefined; // the caller logs it
  }
}

const PluginError = z.looseObject({ error_code: z.number(), error: z.string() });

/** A plugin's refusal, which comes in a frame that otherwise looks like success. */
export function pluginError(data: unknown): { code: number; reason: string } | undefined {
  const parsed = PluginError.safeParse(data);
  return parsed.success ? { code: parsed.data.error_code, reason: parsed.data.error } : undefined;
}

const AudioJoined = z.looseObject({
  audiobridge: z.literal('joined'),
  rtp: z.looseObject({ ip: z.string(), port: z.number() }),
});

/**
 * Where the AudioBridge takes a plain-RTP participant's sound.
 *
 * @throws GatewayError `room-server-refused` on anything else
 */
export function parseAudioSeat(data: unknown): { host: string; port: number } {
  const { rtp } = read(AudioJoined, data);
  return { host: rtp.ip, port: rtp.port };
}

const AudioChange = z.looseObject({
  audiobridge: z.enum(['joined', 'event', 'talking', 'stopped-talking']),
  id: z.string().optional(),
  participants: z
    .array(
      z.looseObject({
        id: z.string(),
        muted: z.boolean().optional(),
        talking: z.boolean().optional(),
      }),
    )
    .default([]),
  leaving: z.string().optional(),
  kicked: z.string().optional(),
});

/** Somebody who talks, or does not any more. */
export interface Talk {
  readonly participantId: string;
  readonly talking: boolean;
}

/** Who talks by an event or answer of the AudioBridge; who was muted, left or was put out does not. */
export function parseTalk(data: unknown): Talk[] {
  const parsed = AudioChange.safeParse(data);
  if (!parsed.success) return [];
  const { audiobridge, id, participants, leaving, kicked } = parsed.data;
  if (audiobridge === 'talking' || audiobridge === 'stopped-talking')
    return id === undefined ? [] : [{ participantId: id, talking: audiobridge === 'talking' }];
  const silent = [leaving, kicked, ...participants.filter(p => p.muted).map(p => p.id)];
  const talking = participants.filter(p => p.talking && !p.muted);
  return [
    ...silent.flatMap(gone => (gone === undefined ? [] : { participantId: gone, talking: false })),
    ...talking.map(p => ({ participantId: p.id, talking: true })),
  ];
}

const AudioList = z.looseObject({ participants: z.array(z.looseObject({ id: z.string() })) });

/** Who is in an AudioBridge room, by the answer to `listparticipants`. @throws GatewayError `room-server-refused` on anything else */
export function parseAudioIds(data: unknown): string[] {
  return read(AudioList, data).participants.map(({ id }) => id);
}

const SeatChange = z.looseObject({
  audiobridge: z.string().optional(),
  videoroom: z.string().optional(),
  kicked: z.string().optional(),
  reason: z.string().optional(),
});

/** Whether an event says that its own hearer was put out, or that the room is gone. */
export function isPutOut(data: unknown, participantId: string): boolean {
  const parsed = SeatChange.safeParse(data);
  if (!parsed.success) return false;
  const { audiobridge, videoroom, kicked, reason } = parsed.data;
  const isDestroyed = audiobridge === 'destroyed' || videoroom === 'destroyed';
  return isDestroyed || kicked === participantId || reason === 'kicked';
}

const Publisher = z.looseObject({
  id: z.string(),
  streams: z
    .array(
      z.looseObject({
        type: z.string(),
        mid: z.string().optional(),
        codec: z.string().optional(),
        disabled: z.boolean().optional(),
        simulcast: z.boolean().default(false),
      }),
    )
    .default([]),
});
const RoomChange = z.looseObject({
  publishers: z.array(Publisher).default([]),
  unpublished: z.string().optional(),
  leaving: z.string().optional(),
  kicked: z.string().optional(),
});

/** A camera somebody publishes in the VideoRoom. */
export interface PublishedCamera {
  readonly participantId: string;
  readonly mid: string;
  readonly codec: 'h264' | 'vp8';
  /** Sent in more than one size. */
  readonly isLayered: boolean;
}

/** What a VideoRoom event says of publishers; `ok` where it is about ourselves is left out. */
export function parseRoomChange(data: unknown): { published: PublishedCamera[]; gone: string[] } {
  const parsed = RoomChange.safeParse(data);
  if (!parsed.success) return { published: [], gone: [] };
  const { publishers, unpublished, leaving, kicked } = parsed.data;
  const published = publishers.flatMap(publisher => readCamera(publisher) ?? []);
  const dark = publishers.filter(publisher => !readCamera(publisher)).map(({ id }) => id);
  const gone = [unpublished, leaving, kicked, ...dark];
  return { published, gone: gone.filter(id => id !== undefined && id !== 'ok') as string[] };
}

function readCamera({ id, streams }: z.infer<typeof Publisher>): PublishedCamera | undefined {
  const camera = streams.find(stream => stream.type === 'video' && !stream.disabled);
  if (camera?.mid === undefined) return undefined;
  if (camera.codec !== 'h264' && camera.codec !== 'vp8') return undefined;
  const { mid, codec, simulcast: isLayered } = camera;
  return { participantId: id, mid, codec, isLayered };
}

const Forwarded = z.looseObject({
  forwarders: z.tuple(
    [z.looseObject({ stream_id: z.number(), local_rtcp_port: z.number() })],
    z.unknown(),
  ),
});

/**
 * The forwarder that was made, and the port for feedback.
 *
 * @throws GatewayError `room-server-refused` on anything else; Janus makes none for an unknown mid
 */
export function parseForwarded(data: unknown): { forwarderId: number; rtcpPort: number } {
  const [first] = read(Forwarded, data).forwarders;
  return { forwarderId: first.stream_id, rtcpPort: first.local_rtcp_port };
}

function read<T>(shape: z.ZodType<T>, data: unknown): T {
  const parsed = shape.safeParse(data);
  if (parsed.success) return parsed.data;
  const details = { engine: 'janus' };
  throw new GatewayError('room-server-refused', 'Janus answered something else', {
    cause: parsed.error,
    details,
  });
}
