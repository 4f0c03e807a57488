import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Settings, SettingsError, variableName } from '../config/index.ts';

/** A port that an engine will open, and the settings that decide where. */
interface WantedPort {
  readonly transport: 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
  readonly portSetting: string;
  readonly hostSetting?: string;
}

const ANY = '0.0.0.0';
const LOOPBACK = '127.0.0.1';

/**
 * Tries every single port the engines will open on this machine and lets it go.
 * @throws SettingsError naming each port that is taken and the setting that moves it
 */
export async function checkPortsAreFree(settings: Settings): Promise<void> {
  const problems = await Promise.all(wantedPorts(settings).map(problemWith));
  const found = problems.filter(problem => problem !== undefined);
  if (found.length > 0) throw new SettingsError(found);
}

function wantedPorts({ http, sip, media, rooms, stage, publicHost }: Settings): WantedPort[] {
  const atPublic = { host: publicHost, hostSetting: 'publicHost' };
  const wanted: WantedPort[] = [
    { transport: 'tcp', host: ANY, port: http.port, portSetting: 'http.port' },
    { transport: 'tcp', host: ANY, port: http.httpsPort, portSetting: 'http.httpsPort' },
  ];
  if (isOnThisMachine(media.ngHost)) {
    wanted.push({
      transport: 'udp',
      host: LOOPBACK,
      port: media.ngPort,
      portSetting: 'media.ngPort',
    });
  }
  if (!rooms.url) {
    wanted.push({
      transport: 'tcp',
      host: LOOPBACK,
      port: rooms.wsPort,
      portSetting: 'rooms.wsPort',
    });
  }
  if (!stage.url) {
    wanted.push({ transport: 'tcp', host: LOOPBACK, port: stage.port, portSetting: 'stage.port' });
  }
  if (sip.server.kind === 'embedded') {
    const { appPort } = sip.server;
    wanted.push({
      transport: 'tcp',
      host: LOOPBACK,
      port: appPort,
      portSetting: 'sip.server.appPort',
    });
    wanted.push({ transport: 'tcp', ...atPublic, port: sip.port, portSetting: 'sip.port' });
    wanted.push({ transport: 'udp', ...atPublic, port: sip.port, portSetting: 'sip.port' });
    for (const name of ['tls', 'legacyTls'] as const) {
      const { enabled, port } = sip[name];
      if (enabled)
        wanted.push({ transport: 'tcp', ...atPublic, port, portSetting: `sip.${name}.port` });
    }
  }
  return wanted;
}

/** Whether rtpengine is ours to start. */
export function isOnThisMachine(host: string): boolean {
  return host === LOOPBACK || host === 'localhost';
}

async function problemWith(wanted: WantedPort) {
  try {
    await (wanted.transport === 'tcp' ? tryTcp(wanted) : tryUdp(wanted));
    return undefined;
  } catch (err) {
    const { transport, host, port } = wanted;
    const code = (err as NodeJS.ErrnoException).code ?? String(err);
    const isForeign = code === 'EADDRNOTAVAIL' && wanted.hostSetting !== undefined;
    const path = isForeign ? (wanted.hostSetting ?? '') : wanted.portSetting;
    const what = isForeign
      ? `${host} is not an address of this machine`
      : `${transport} port ${port} is ${meaning(code)}`;
    return { path, message: `${what}; set ${variableName(path)} to another` };
  }
}

function meaning(code: string): string {
  if (code === 'EADDRINUSE') return 'taken by another program';
  return code === 'EACCES' ? 'not allowed for this user' : `not usable (${code})`;
}

async function tryTcp({ host, port }: WantedPort): Promise<void> {
  const server = createServer().listen({ host, port });
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

async function tryUdp({ host, port }: WantedPort): Promise<void> {
  const socket = createSocket('udp4');
  socket.bind(port, host);
  try {
    await once(socket, 'listening');
  } finally {
    socket.close();
  }
}
