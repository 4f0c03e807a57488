import type { StageParams } from '../contract/stage.ts';
import type { VideoPlan } from '../sdp/index.ts';

/** Whether the endpoint's camera comes in. */
export function sendsPicture(video: VideoPlan | undefined): boolean {
  return video?.direction === 'sendrecv' || video?.direction === 'recvonly';
}

/** How the stage is told of what was negotiated. */
export function stageTerms(
  video: VideoPlan,
): Omit<StageParams<'endpoint.add'>, 'sceneId' | 'participantId' | 'name'> {
  const { payloadType, codec, packetizationMode, profileLevelId } = video;
  const { maxFs, maxMbps, maxBitrateBps, feedback } = video;
  return {
    payloadType,
    codec,
    sends: sendsPicture(video),
    receives: video.direction === 'sendrecv' || video.direction === 'sendonly',
    keyframe: video.refresh,
    feedback: { nack: feedback.nack, tmmbr: feedback.tmmbr },
    limits: { packetizationMode, profileLevelId, maxFs, maxMbps, maxBitrateBps },
  };
}
