import type { StreamQuality } from '../../contract/stage.ts';
import type { DecodedFacts } from '../compose/protocol.ts';
import type { Source } from './source.ts';

const CLOCK_RATE_KHZ = 90;
const SECOND_MS = 1_000;

/** How one camera comes in. @param decoded of the last second, where somebody is shown it */
export function qualityOf(
  source: Source,
  content: boolean,
  decoded: DecodedFacts | undefined,
  atMs: number,
): StreamQuality {
  const { stream, bitrateBps } = source;
  const isSilent = stream.lastPacketMs !== undefined && atMs - stream.lastPacketMs >= SECOND_MS;
  const size = stream.size && { width: stream.size.width, height: stream.size.height };
  return {
    participantId: source.id,
    content,
    packetsReceived: stream.packets,
    lossRatio: stream.lossRatio,
    jitterMs: Math.round(stream.jitter / CLOCK_RATE_KHZ),
    bitrateBps,
    decoded: decoded !== undefined,
    ...size,
    ...(decoded && {
      fps: decoded.fps,
      ...(decoded.width !== undefined && { width: decoded.width, height: decoded.height }),
      frozenMs: decoded.frozenMs,
      black: decoded.black,
      still: decoded.still,
    }),
    // Whether it is decoded or not: nothing has come of which there could be a new picture.
    ...(isSilent && { frozenMs: SECOND_MS }),
  };
}
