/** Endpoints in the rooms: a plain-RTP participant in the sound, a publisher in the video. */
import type { AudioSeat, PublishedFeed, RoomBridge } from '../calls/ports.ts';
import { GatewayError } from '../domain/errors.ts';
import type { JanusConnection } from './janus-connection.ts';
import type { JanusHandle } from './janus-handle.ts';
import { isPutOut, type Jsep, parseAudioSeat } from './messages.ts';
import { PREBUFFERED_PACKETS } from './prebuffer.ts';

type AudioRequest = Parameters<RoomBridge['joinAudio']>[0];
type FeedRequest = Parameters<RoomBridge['publishVideo']>[0];

export interface SeatListener {
  /** An event, or the answer to the join. */
  readonly onEvent?: (data: unknown) => void;
  /** Janus took the seat away; told once. */
  readonly onLost: () => void;
}

/** Seats an endpoint in the AudioBridge; it gets the mix without itself. */
export async function joinAudio(
  connection: JanusConnection,
  seat: AudioRequest,
  listener: SeatListener,
  signal: AbortSignal,
): Promise<AudioSeat> {
  const handle = await connection.attach('audiobridge', signal);
  listen(handle, seat.participantId, listener);
  const { sendTo, codec, payloadType } = seat;
  const join = {
    request: 'join',
    room: seat.conferenceId,
    id: seat.participantId,
    display: seat.name,
    codec,
    prebuffer: PREBUFFERED_PACKETS.hall,
    rtp: { ip: sendTo.host, port: sendTo.rtpPort, payload_type: payloadType },
  };
  try {
    const { data } = await handle.send(join, signal);
    const { host, port: rtpPort } = parseAudioSeat(data);
    listener.onEvent?.(data);
    return {
      address: { host, rtpPort, rtcpPort: rtpPort + 1 },
      payloadType,
      setMuted: async (muted, setSignal) => {
        await handle.send({ request: 'configure', muted }, setSignal);
      },
      leave: () => handle.detach(),
    };
  } catch (err) {
    await handle.detach();
    throw err;
  }
}

/** Publishes an endpoint's camera, offered by the relay with ICE and DTLS. */
export async function publishVideo(
  connection: JanusConnection,
  feed: FeedRequest,
  listener: SeatListener,
  signal: AbortSignal,
): Promise<PublishedFeed> {
  const handle = await connection.attach('videoroom', signal);
  listen(handle, feed.participantId, listener);
  const join = {
    request: 'joinandconfigure',
    ptype: 'publisher',
    room: feed.conferenceId,
    id: feed.participantId,
    display: feed.name,
  };
  const offer: Jsep = { type: 'offer', sdp: feed.offerSdp };
  try {
    const { jsep } = await handle.send(join, signal, offer);
    if (!jsep) throw new GatewayError('room-server-refused', 'Janus gave no answer SDP');
    return { answerSdp: jsep.sdp, leave: () => handle.detach() };
  } catch (err) {
    await handle.detach();
    throw err;
  }
}

/** Janus tells of a lost place by an event, by the end of its media, or by both. */
function listen(handle: JanusHandle, participantId: string, listener: SeatListener): void {
  let isLost = false;
  const lose = () => {
    if (!isLost) listener.onLost();
    isLost = true;
  };
  const onEvent = (data: unknown) => {
    listener.onEvent?.(data);
    if (isPutOut(data, participantId)) lose();
  };
  handle.listen({ onEvent, onGone: lose });
}
