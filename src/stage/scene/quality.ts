import type { StreamQuality } from '../../contract/stage.ts';
import type { DecodedFacts } from '../compose/protocol.ts';
import type { Source } from './source.ts';

const CLOCK_RATE_KHZ = 90;

/** How one camera comes in. @param decoded of the last second, where somebody is shown it */
export function qualityOf(
  source: Source,
  content: boolean,
  decoded: DecodedFacts | undefined,
): StreamQuality {
  const { stream, bitrateBps } = source;
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
      width: decoded.width,
      height: decoded.height,
      frozenMs: decoded.frozenMs,
      black: decoded.black,
      still: decoded.still,
    }),
  };
}
