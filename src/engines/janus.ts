import { join } from 'node:path';
import type { Secrets, Settings } from '../config/index.ts';
import type { EngineSpec } from './engine.ts';
import { JANUS_PLUGINS, writeJanusConfig } from './janus-config.ts';
import { PRIORITIES } from './priority.ts';
import { probeJanus } from './probes.ts';

/** Janus with our own configuration under `<dataDir>/janus`; nothing of `/etc/janus` is read. */
export function janusEngine(settings: Settings, secrets: Secrets): EngineSpec {
  const folder = join(settings.dataDir, 'janus');
  const plugins = JANUS_PLUGINS.map(name => `janus.plugin.${name}`);
  return {
    name: 'janus',
    command: {
      file: 'janus',
      // -F as well as -C, or the distribution's demo rooms would exist.
      args: ['-F', folder, '-C', join(folder, 'janus.jcfg')],
      orphanSignal: 'SIGKILL',
      priority: PRIORITIES.rooms,
    },
    secrets: [secrets.janusApiSecret, secrets.janusAdminKey],
    prepare: async () => writeJanusConfig(folder, settings, secrets),
    probe: signal => probeJanus(`ws://127.0.0.1:${settings.rooms.wsPort}`, plugins, signal),
  };
}
