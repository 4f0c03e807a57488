import { useEffect, useRef } from 'react';
import { Icon } from '../../shared/Icon.tsx';

interface MicrophoneLevelProps {
  readonly track: MediaStreamTrack | undefined;
  readonly label: string;
}

const LOOK_INTERVAL_MS = 100;

/** A bar that moves with the voice, so that one knows the microphone works. */
export function MicrophoneLevel({ track, label }: MicrophoneLevelProps) {
  const bar = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    if (!track) return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      if (bar.current) bar.current.value = Math.min(1, Math.sqrt(power) * 4);
    }, LOOK_INTERVAL_MS);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [track]);
  return (
    <div className="level">
      <Icon name={track ? 'mic' : 'muted'} />
      <meter ref={bar} min={0} max={1} aria-label={label} />
    </div>
  );
}
