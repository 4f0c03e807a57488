import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../integration/sip-agent/support/scenario-app.ts';
import { pause } from '../call/bench.ts';
import { type Contender, end, ON_SERVER_CORE, PASSWORD, REALM } from './contender.ts';

const KAMAILIO = '/usr/sbin/kamailio';
const HOST = '127.0.0.1';
const START_MS = 2000;
/** Transactions stay for seconds after their end; with the 64 MB it takes by itself it loses calls. */
const MEMORY_MB = '1024';

/** Whether the Debian package `kamailio` is there. */
export function hasKamailio(): boolean {
  return existsSync(KAMAILIO);
}

/**
 * Kamailio as the yardstick: it knows the one password by its configuration,
 * keeps bindings in memory alone and answers calls by itself, statefully. That
 * is less than a gateway does for a device, so it is a floor. One worker.
 */
export async function startKamailio(): Promise<Contender> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-kamailio-'));
  const port = await freePort();
  const file = join(folder, 'kamailio.cfg');
  writeFileSync(file, configuration(port));
  const pidFile = join(folder, 'pid');
  const [command = '', ...args] = [
    ...ON_SERVER_CORE,
    KAMAILIO,
    '-DD',
    '-E',
    '-m',
    MEMORY_MB,
    '-f',
    file,
  ];
  const child = spawn(command, [...args, '-P', pidFile], { stdio: 'ignore', detached: true });
  const close = async () => {
    await end(child);
    rmSync(folder, { recursive: true });
  };
  await pause(START_MS);
  if (!existsSync(pidFile)) {
    await close();
    throw new Error('kamailio does not start');
  }
  const pids = withChildren(Number(readFileSync(pidFile, 'utf8')));
  return { name: 'Kamailio', sip: { host: HOST, port }, serverPids: pids, appPids: [], close };
}

/** A process and those it forked. */
function withChildren(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return [pid, ...children.split(' ').filter(Boolean).map(Number)];
}

function configuration(port: number): string {
  const modules = ['tm', 'sl', 'pv', 'textops', 'auth', 'usrloc', 'registrar'];
  return `#!KAMAILIO
debug=-1
log_stderror=yes
children=1
auto_aliases=no
disable_tcp=yes
listen=udp:${HOST}:${port}
${modules.map(name => `loadmodule "${name}.so"`).join('\n')}
modparam("usrloc", "db_mode", 0)
request_route {
  if (is_method("ACK")) { t_check_trans(); exit; }
  if (is_method("REGISTER")) {
    if (!pv_auth_check("${REALM}", "${PASSWORD}", "0", "0")) {
      auth_challenge("${REALM}", "1");
      exit;
    }
    save("location");
    exit;
  }
  if (!t_newtran()) exit;
  if (is_method("INVITE")) {
    append_to_reply("Contact: <sip:room@${HOST}:${port}>\\r\\n");
    set_reply_body("v=0\\r\\no=- 1 1 IN IP4 ${HOST}\\r\\ns=-\\r\\nc=IN IP4 ${HOST}\\r\\nt=0 0\\r\\nm=audio 4002 RTP/AVP 8\\r\\nm=video 4004 RTP/AVP 109\\r\\na=rtpmap:109 H264/90000\\r\\n", "application/sdp");
  }
  t_reply("200", "OK");
}
`;
}
