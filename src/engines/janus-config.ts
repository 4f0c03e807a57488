import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Secrets, type Settings, writePrivateFile } from '../config/index.ts';

/** The only plugins that are loaded. */
export const JANUS_PLUGINS = ['audiobridge', 'videoroom'] as const;

const TRANSPORTS = ['websockets'] as const;

/** A browser whose WebSocket is gone keeps its Janus session this long. */
const SESSION_TIMEOUT_SEC = 60;

/** Level 4 shows what comes and goes, 5 each step; 6 would print messages with their secrets. */
const DEBUG_LEVELS: Record<Settings['logLevel'], number> = {
  trace: 5,
  debug: 5,
  info: 4,
  warn: 3,
  error: 2,
  fatal: 1,
  silent: 0,
};

/**
 * Writes everything Janus reads into `folder`, replacing what was there: its
 * configuration and links to the modules it may load. What is not linked
 * cannot be loaded, whatever the distribution ships.
 *
 * @throws Error when Janus' modules are not installed
 */
export function writeJanusConfig(folder: string, settings: Settings, secrets: Secrets): void {
  rmSync(folder, { recursive: true, force: true });
  linkModules(join(folder, 'plugins'), 'plugins', JANUS_PLUGINS);
  linkModules(join(folder, 'transports'), 'transports', TRANSPORTS);
  linkModules(join(folder, 'events'), 'events', []);
  linkModules(join(folder, 'loggers'), 'loggers', []);
  const files = {
    'janus.jcfg': coreConfig(folder, settings, secrets),
    'janus.transport.websockets.jcfg': websocketsConfig(settings),
    'janus.plugin.videoroom.jcfg': videoRoomConfig(secrets),
    'janus.plugin.audiobridge.jcfg': audioBridgeConfig(settings, secrets),
  };
  for (const [name, sections] of Object.entries(files)) {
    writePrivateFile(join(folder, name), toJcfg(sections));
  }
}

/** Interfaces nobody outside reaches, by the beginning of their names. */
const IGNORED_INTERFACES = 'docker,br-,virbr,veth,lo';

type Sections = Record<string, Record<string, string | number | boolean>>;

function coreConfig(folder: string, settings: Settings, secrets: Secrets): Sections {
  const { rooms, publicHost } = settings;
  return {
    general: {
      configs_folder: folder,
      plugins_folder: join(folder, 'plugins'),
      transports_folder: join(folder, 'transports'),
      events_folder: join(folder, 'events'),
      loggers_folder: join(folder, 'loggers'),
      debug_level: DEBUG_LEVELS[settings.logLevel],
      debug_timestamps: true,
      debug_colors: false,
      server_name: 'diemcau',
      // Written into SDP; Janus' own guess fails on a network without a default route.
      interface: publicHost,
      api_secret: secrets.janusApiSecret,
      admin_secret: secrets.janusAdminKey,
      session_timeout: SESSION_TIMEOUT_SEC,
      reclaim_session_timeout: 0,
    },
    media: { ipv6: false, rtp_port_range: `${rooms.rtpPortMin}-${rooms.rtpPortMax}` },
    // All candidates are in the SDP, which rtpengine needs; no STUN: the network is closed.
    // Every interface is offered: libnice answers only through the one a candidate belongs to, so a
    // server with a network for halls and another for offices needs both. Containers' bridges do not.
    nat: { full_trickle: false, ice_ignore_list: IGNORED_INTERFACES, nice_debug: false },
    events: { broadcast: false },
  };
}

/** Only this machine speaks to Janus; browsers come through the gateway. */
function websocketsConfig({ rooms }: Settings): Sections {
  return {
    general: {
      events: false,
      json: 'compact',
      ws: true,
      ws_port: rooms.wsPort,
      ws_ip: '127.0.0.1',
      wss: false,
      pingpong_trigger: 15,
      pingpong_timeout: 10,
    },
    admin: { admin_ws: false, admin_wss: false },
  };
}

/** With the key, forwarding to any address is the gateway's alone, as creating rooms is. */
function keyed({ janusAdminKey }: Secrets) {
  return { admin_key: janusAdminKey, lock_rtp_forward: true, string_ids: true, events: false };
}

function videoRoomConfig(secrets: Secrets): Sections {
  return { general: keyed(secrets) };
}

function audioBridgeConfig(settings: Settings, secrets: Secrets): Sections {
  const { rooms, internalHost } = settings;
  return {
    general: {
      ...keyed(secrets),
      lock_play_file: true,
      local_ip: internalHost,
      rtp_port_range: `${rooms.audioPortMin}-${rooms.audioPortMax}`,
    },
  };
}

/** The format of libconfig, as far as Janus uses it. */
function toJcfg(sections: Sections): string {
  const blocks = Object.entries(sections).map(([name, values]) => {
    const lines = Object.entries(values).map(([key, value]) => `\t${key} = ${literal(value)}`);
    return `${name}: {\n${lines.join('\n')}\n}\n`;
  });
  return blocks.join('');
}

function literal(value: string | number | boolean): string {
  return typeof value === 'string' ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : String(value);
}

function linkModules(folder: string, kind: string, names: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const file = `libjanus_${name}.so`;
    symlinkSync(join(modulesFolder(kind), file), join(folder, file));
  }
}

/** Where Debian puts Janus' modules on this processor, like `/usr/lib/x86_64-linux-gnu/janus/plugins`. */
function modulesFolder(kind: string): string {
  const found = readdirSync('/usr/lib').find(name => hasFolder(`/usr/lib/${name}/janus/${kind}`));
  if (!found) throw new Error(`no Janus ${kind} under /usr/lib: is the package janus installed?`);
  return `/usr/lib/${found}/janus/${kind}`;
}

function hasFolder(path: string): boolean {
  try {
    return readdirSync(path).length > 0;
  } catch {
    return false; // Not there: the search goes on.
  }
}
