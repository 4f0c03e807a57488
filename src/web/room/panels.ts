/** Which panel stands beside the pictures. Knows no React. */
import type { PanelName, RoomState, RoomStore } from './state.ts';

/** Opens this panel in the place of another, or closes it. */
export function togglePanel(store: RoomStore, panel: PanelName): void {
  const openPanel = store.get().openPanel === panel ? undefined : panel;
  store.set({ openPanel });
}

/** Lines of the chat that others wrote since it was last open. */
export function unreadLines({ chat, chatSeen, selfId }: RoomState): number {
  return chat.slice(chatSeen).filter(({ participantId }) => participantId !== selfId).length;
}
