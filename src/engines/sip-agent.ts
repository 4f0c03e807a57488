import type { Settings } from '../config/index.ts';
import type { EngineSpec } from './engine.ts';
import { ownProcess } from './own-process.ts';
import { probeTcp } from './probes.ts';

/** The embedded SIP server; not started when a drachtio-server is configured. */
export function sipAgentEngine(settings: Settings, appPort: number): EngineSpec {
  return {
    name: 'sip-agent',
    command: ownProcess('sip-agent', settings),
    probe: async signal => {
      await probeTcp('127.0.0.1', appPort, signal);
      await probeTcp(settings.publicHost, settings.sip.port, signal);
    },
  };
}
