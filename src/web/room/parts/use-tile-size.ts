import { type RefObject, useEffect, useRef } from 'react';
import type { RoomStore } from '../state.ts';
import { isSmallTile } from '../tile-size.ts';

/** Keeps in the store how large the tiles are, all as large as the one that gets the ref, and which has the display. */
export function useTileSize(store: RoomStore): RefObject<HTMLElement | null> {
  const tile = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!tile.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const areTilesSmall = isSmallTile(entry.contentRect, devicePixelRatio);
      if (areTilesSmall !== store.get().areTilesSmall) store.set({ areTilesSmall });
    });
    const onFullScreen = () => {
      const video = document.fullscreenElement?.querySelector('video');
      store.set({ fullScreenId: video?.dataset.participantId });
    };
    observer.observe(tile.current);
    document.addEventListener('fullscreenchange', onFullScreen);
    return () => {
      observer.disconnect();
      document.removeEventListener('fullscreenchange', onFullScreen);
    };
  }, [store]);
  return tile;
}
