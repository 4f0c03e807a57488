import type { Settings } from './schema.ts';

/** Where the gateway reaches Janus: the one on this machine unless another is configured. */
export function roomServerUrl({ rooms }: Settings): string {
  return rooms.url ?? `ws://127.0.0.1:${rooms.wsPort}`;
}

/** Where the gateway reaches the stage: the one on this machine unless another is configured. */
export function stageUrl({ stage }: Settings): string {
  return stage.url ?? `ws://127.0.0.1:${stage.port}`;
}
