/**
 * Starts Janus, rtpengine, sip-agent, stage and gateway as supervised children
 * of one process, for `diemcau up` and for tests.
 *
 * Knows how each engine is configured, started, probed and stopped; knows
 * nothing of calls or media. Start reading at `system.ts`, then `engine.ts`.
 */
export { Engine, EngineError, type EngineObserver, type EngineSpec } from './engine.ts';
export type { EngineState } from './engine-state.ts';
export { checkPortsAreFree } from './free-ports.ts';
export { janusEngine } from './janus.ts';
export { rtpengineEngine } from './rtpengine.ts';
export { logDir, type System, startSystem } from './system.ts';
