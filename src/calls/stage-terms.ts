import type { StageParams } from '../contract/stage.ts';
import type { AudioPlan, VideoPlan } from '../sdp/index.ts';

/** Whether the endpoint's sound, or its camera, comes in. */
export function comesIn(stream: AudioPlan | VideoPlan | undefined): boolean {
  return stream?.direction === 'sendrecv' || stream?.direction === 'recvonly';
}

/** How the stage is told of what was negotiated. */
export function stageTerms(
  video: VideoPlan,
): Omit<StageParams<'endpoint.add'>, 'sceneId' | 'participantId' | 'name'> {
  const { payloadType, codec, packetizationMode, profileLevelId } = video;
  const { maxFs, maxMbps, maxFps, maxBitrateBps, feedback } = video;
  return {
    payloadType,
    codec,
    sends: comesIn(video),
    receives: video.direction === 'sendrecv' || video.direction === 'sendonly',
    keyframe: video.refresh,
    feedback: { nack: feedback.nack, tmmbr: feedback.tmmbr },
    limits: {
      ...{ packetizationMode, profileLevelId, maxFs, maxMbps, maxBitrateBps },
      ...(maxFps !== undefined && { maxFps }),
    },
  };
}
