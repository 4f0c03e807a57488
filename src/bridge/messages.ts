/**
 * Janus' messages, read at the door: past this file nobody sees its field names.
 * Shapes as Janus 1.1.2 sends them, https://janus.conf.meetecho.com/docs/rest.html
 */
import { z } from 'zod';

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
  rtp: z.looseObject({ ip: z.string(), port: z.number(), payload_type: z.number().optional() }),
});

/** Where the AudioBridge takes a plain-RTP participant's sound; throws on anything else. */
export function parseAudioSeat(data: unknown): {
  host: string;
  port: number;
  payloadType?: number;
} {
  const { rtp } = AudioJoined.parse(data);
  const payloadType = rtp.payload_type;
  return { host: rtp.ip, port: rtp.port, ...(payloadType !== undefined && { payloadType }) };
}

const Talking = z.looseObject({
  audiobridge: z.enum(['talking', 'stopped-talking']),
  room: z.string(),
  id: z.string(),
});

/** A talk event of the AudioBridge; undefined for every other event. */
export function parseTalking(
  data: unknown,
): { room: string; participantId: string; talking: boolean } | undefined {
  const parsed = Talking.safeParse(data);
  if (!parsed.success) return undefined;
  const { room, id, audiobridge } = parsed.data;
  return { room, participantId: id, talking: audiobridge === 'talking' };
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
      }),
    )
    .default([]),
});
const RoomChange = z.looseObject({
  publishers: z.array(Publisher).default([]),
  unpublished: z.string().optional(),
  leaving: z.string().optional(),
});

/** A camera somebody publishes in the VideoRoom. */
export interface PublishedCamera {
  readonly participantId: string;
  readonly mid: string;
  readonly codec: 'h264' | 'vp8';
}

/** What a VideoRoom event says of publishers; `ok` where it is about ourselves is left out. */
export function parseRoomChange(data: unknown): { published: PublishedCamera[]; gone: string[] } {
  const parsed = RoomChange.safeParse(data);
  if (!parsed.success) return { published: [], gone: [] };
  const { publishers, unpublished, leaving } = parsed.data;
  const gone = [unpublished, leaving].filter(id => id !== undefined && id !== 'ok');
  return { published: publishers.flatMap(readCamera), gone: gone as string[] };
}

function readCamera({ id, streams }: z.infer<typeof Publisher>): PublishedCamera[] {
  const camera = streams.find(stream => stream.type === 'video' && !stream.disabled);
  if (camera?.mid === undefined) return [];
  if (camera.codec !== 'h264' && camera.codec !== 'vp8') return [];
  return [{ participantId: id, mid: camera.mid, codec: camera.codec }];
}

const Forwarded = z.looseObject({
  forwarders: z
    .array(z.looseObject({ stream_id: z.number(), local_rtcp_port: z.number().optional() }))
    .min(1),
});

/** The forwarder that was made; throws on anything else. */
export function parseForwarded(data: unknown): {
  forwarderId: number;
  rtcpPort: number | undefined;
} {
  const [first] = Forwarded.parse(data).forwarders;
  if (!first) throw new Error('no forwarder');
  return { forwarderId: first.stream_id, rtcpPort: first.local_rtcp_port };
}
