import type { Logger } from 'pino';
import { AgentCore, type SipAgentStats } from './agent-core.ts';
import { Apps } from './drachtio/apps.ts';
import { type GuardSettings, SourceGuard } from './guard/source-guard.ts';
import {
  type LegacyTlsSettings,
  type ListenAddress,
  type TlsSettings,
  Transports,
} from './transport/transports.ts';

export interface SipAgentSettings {
  /** Address to listen on for SIP. */
  readonly host: string;
  /** What peers are told; `host` when not given, which must then not be a wildcard. */
  readonly advertisedHost?: string;
  /** A second address, of the other family; not a wildcard. */
  readonly ipv6Host?: string | undefined;
  /** UDP and TCP; 0 takes a free one. */
  readonly sipPort: number;
  /** TLS 1.2 and 1.3. */
  readonly tls?: TlsSettings | undefined;
  /** TLS 1.0 and weak ciphers, for the devices at these addresses alone. */
  readonly legacyTls?: LegacyTlsSettings | undefined;
  /** Bans of peers that scan, guess or flood; none when not given. */
  readonly guard?: GuardSettings | undefined;
  /** Where applications connect. */
  readonly app: { readonly host: string; readonly port: number; readonly secret: string };
}

export interface SipAgent {
  readonly sipPort: number;
  /** Of the TLS listeners, the legacy one last. */
  readonly tlsPorts: readonly number[];
  readonly app: { readonly host: string; readonly port: number };
  stats(): SipAgentStats;
  /** Drops everything without a word to peers; may be called twice. */
  close(): Promise<void>;
}

/**
 * Starts the agent; the caller closes it.
 *
 * @throws Error with code, address and port when a port is taken
 */
export async function startSipAgent(settings: SipAgentSettings, log: Logger): Promise<SipAgent> {
  let core: AgentCore | undefined;
  const transports = await Transports.listen({
    ...settings,
    addresses: addressesOf(settings),
    // What comes before the applications' port is open is lost; peers repeat it.
    onMessage: (data, flow) => core?.receive(data, flow),
    log,
  });
  const { sipPort, tlsPorts } = transports;
  const apps = await Apps.listen({
    ...settings.app,
    advertised: transports.listening('advertisedHost'),
    local: transports.listening('host'),
    onSip: (app, commandId, frame) => core?.obey(app, commandId, frame),
    onClosed: app => core?.appClosed(app),
    log,
  }).catch(async err => {
    await transports.close();
    throw err;
  });
  const guard = settings.guard && new SourceGuard({ ...settings.guard, log });
  core = new AgentCore({ transports, apps, guard, log });
  log.info({ sipPort, tlsPorts, appPort: apps.address.port }, 'sip agent listening');
  return agentOf(core, transports, apps);
}

function agentOf(core: AgentCore, transports: Transports, apps: Apps): SipAgent {
  let closing: Promise<unknown> | undefined;
  const close = () => {
    core.close();
    return Promise.all([apps.close(), transports.close()]);
  };
  return {
    sipPort: transports.sipPort,
    tlsPorts: transports.tlsPorts,
    app: apps.address,
    stats: () => core.stats,
    close: async () => {
      closing ??= close();
      await closing;
    },
  };
}

function addressesOf({ host, advertisedHost = host, ipv6Host }: SipAgentSettings): ListenAddress[] {
  const second = ipv6Host === undefined ? [] : [{ host: ipv6Host, advertisedHost: ipv6Host }];
  return [{ host, advertisedHost }, ...second];
}
