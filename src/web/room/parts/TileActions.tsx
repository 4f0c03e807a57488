import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';

interface TileActionsProps {
  readonly figure: RefObject<HTMLElement | null>;
  readonly name: string;
  readonly hasPicture: boolean;
  readonly isPinned: boolean;
  readonly onPin: () => void;
}

/** What can be done with a tile: shown on it while the pointer or the focus is there. */
export function TileActions({ figure, name, hasPicture, isPinned, onPin }: TileActionsProps) {
  const { t } = useTranslation();
  return (
    <div className="tile-actions" role="toolbar" aria-label={t('tile.actions', { name })}>
      <button type="button" aria-pressed={isPinned} onClick={onPin}>
        {isPinned ? t('tile.unpin') : t('tile.pin')}
      </button>
      {hasPicture && document.fullscreenEnabled && (
        <button type="button" onClick={() => void toggleFullScreen(figure.current)}>
          {t('tile.fullScreen')}
        </button>
      )}
      {hasPicture && document.pictureInPictureEnabled && (
        <button type="button" onClick={() => void togglePictureInPicture(figure.current)}>
          {t('tile.pictureInPicture')}
        </button>
      )}
    </div>
  );
}

/** A browser that refuses does so for reasons of its own; the picture stays where it is. */
async function toggleFullScreen(figure: HTMLElement | null): Promise<void> {
  const change = document.fullscreenElement
    ? document.exitFullscreen()
    : figure?.requestFullscreen();
  await change?.catch(() => undefined);
}

async function togglePictureInPicture(figure: HTMLElement | null): Promise<void> {
  const change: Promise<unknown> | undefined = document.pictureInPictureElement
    ? document.exitPictureInPicture()
    : figure?.querySelector('video')?.requestPictureInPicture();
  await change?.catch(() => undefined);
}
