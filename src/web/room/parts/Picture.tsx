import { useEffect, useRef } from 'react';

interface PictureProps {
  /** One of the two. */
  readonly track?: MediaStreamTrack | undefined;
  readonly stream?: MediaStream | undefined;
  readonly label: string;
  readonly mirrored?: boolean;
  readonly participantId?: string;
}

/** A live picture without its sound: that comes mixed, from elsewhere. */
export function Picture({ track, stream, label, mirrored, participantId }: PictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (!video.current) return;
    video.current.srcObject = stream ?? (track ? new MediaStream([track]) : null);
  }, [track, stream]);
  return (
    <video
      ref={video}
      aria-label={label}
      className={mirrored ? 'mirrored' : undefined}
      data-participant-id={participantId}
      autoPlay
      muted
      playsInline
    />
  );
}
