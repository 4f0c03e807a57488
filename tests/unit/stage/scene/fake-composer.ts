import type { ComposedPicture } from '../../../../src/stage/compose/composer.ts';
import type { CanvasSpec, Painting } from '../../../../src/stage/compose/protocol.ts';

/** What was asked of one canvas. */
export interface Asked {
  readonly spec: CanvasSpec;
  readonly paintings: Painting[];
  readonly give: (picture: Partial<ComposedPicture>) => void;
  keyframes: number;
  isClosed: boolean;
  isFailing: boolean;
}

/** A composer that keeps what it is asked for. */
export function aComposer() {
  const opened: Asked[] = [];
  const composer = {
    openCanvas: (
      spec: CanvasSpec,
      painting: Painting,
      onPicture: (picture: ComposedPicture) => void,
    ) => {
      const give = (picture: Partial<ComposedPicture>) => {
        const revision = asked.paintings.length - 1;
        onPicture({ ...aPicture, revision, ...picture });
      };
      const asked: Asked = {
        spec,
        paintings: [painting],
        give,
        keyframes: 0,
        isClosed: false,
        isFailing: false,
      };
      opened.push(asked);
      return {
        spec,
        fps: 25,
        get isFailing() {
          return asked.isFailing;
        },
        paint: (next: Painting) => asked.paintings.push(next) - 1,
        requestKeyframe: () => {
          asked.keyframes += 1;
        },
        close: () => {
          asked.isClosed = true;
        },
      };
    },
  };
  const open = () => opened.filter(canvas => !canvas.isClosed);
  return { composer, opened, open };
}

const aPicture: ComposedPicture = {
  data: new Uint8Array([0, 0, 0, 1, 0x65, 7, 7]),
  timestamp: 0,
  isKeyframe: true,
  composedAtMs: 0,
  epoch: 0,
  revision: 0,
};
