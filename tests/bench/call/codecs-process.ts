/** The codecs of a bench, in the hall and in a process of their own; `codecs.ts` talks to it. */
import { HALL_HOSTS } from '../../support/bed/namespaces.ts';
import type { ReceivedCount } from '../../support/sip-phone/media-stream.ts';
import { encodeMovingPicture } from '../../support/sip-phone/moving-picture.ts';
import { type CodecMedia, RoomCodec } from '../../support/sip-phone/room-codec.ts';
import { quietHall, speech } from '../../support/sip-phone/sound.ts';
import type { CodecsReply, CodecsRequest, ReceivedReport } from './codecs-contract.ts';

const PICTURE = { width: 640, height: 360, fps: 25, bitrateBps: 400_000, durationSec: 20 };
const PLAY_INTERVAL_MS = 5;

const picture = encodeMovingPicture(PICTURE);
const hall: CodecMedia = { frames: picture, fps: PICTURE.fps, audio: quietHall() };
const speaker: CodecMedia = { ...hall, audio: speech() };
const codecs: RoomCodec[] = [];

setInterval(() => {
  const nowMs = performance.now();
  for (const codec of codecs) codec.play(nowMs);
}, PLAY_INTERVAL_MS);

process.on('message', (request: CodecsRequest) => void answer(request));
process.on('disconnect', () => process.exit(0));

async function answer(request: CodecsRequest): Promise<void> {
  const reply: CodecsReply = { id: request.id, ...(await perform(request)) };
  process.send?.(reply);
}

async function perform(request: CodecsRequest): Promise<Omit<CodecsReply, 'id'>> {
  try {
    return { result: await run(request) };
  } catch (err) {
    return { error: err instanceof Error ? err.message : String(err) };
  }
}

async function run(request: CodecsRequest): Promise<unknown> {
  switch (request.do) {
    case 'add':
      return add(request);
    case 'call':
      return codecAt(request.codec).call(request.number);
    case 'hang-up':
      return codecAt(request.codec).hangUp();
    case 'received':
      return received();
  }
}

/** The first one speaks, the others listen. */
async function add(request: Extract<CodecsRequest, { do: 'add' }>): Promise<void> {
  const { username, password, server } = request;
  const host = HALL_HOSTS[codecs.length % HALL_HOSTS.length] ?? '';
  const media = codecs.length === 0 ? speaker : hall;
  const codec = await RoomCodec.open({ username, password, host, server }, media);
  await codec.phone.register();
  codecs.push(codec);
}

function received(): ReceivedReport {
  const picturesByCodec = codecs.map(({ video }) => video.received.pictures);
  return { audio: receivedOf('audio'), video: receivedOf('video'), picturesByCodec };
}

function receivedOf(kind: 'audio' | 'video'): ReceivedCount {
  const total = (field: keyof ReceivedCount) =>
    codecs.reduce((count, codec) => count + codec[kind].received[field], 0);
  return {
    packets: total('packets'),
    lost: total('lost'),
    late: total('late'),
    pictures: total('pictures'),
  };
}

function codecAt(index: number): RoomCodec {
  const codec = codecs[index];
  if (!codec) throw new Error(`no codec ${index}`);
  return codec;
}
