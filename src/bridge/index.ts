/**
 * The adapter to Janus: rooms, endpoints' seats and feeds, copies of browsers'
 * cameras, talk events. "Room", "handle" and "feed" are words of this folder
 * only. Start reading at `room-bridge.ts`.
 */
import type { RoomBridge } from '../calls/ports.ts';
import { JanusRoomBridge, type RoomBridgeOptions } from './room-bridge.ts';

/** Never rejects because Janus is away: `health()` tells, and it is tried again by itself. */
export async function connectRoomBridge(
  options: RoomBridgeOptions,
): Promise<RoomBridge & { close(): Promise<void> }> {
  const bridge = new JanusRoomBridge(options);
  await bridge.start();
  return bridge;
}
