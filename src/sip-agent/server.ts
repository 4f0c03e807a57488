import type { Logger } from 'pino';
import type { Dialog } from './dialog/dialog.ts';
import { Dialogs } from './dialog/dialogs.ts';
import type { AppConnection } from './drachtio/app-connection.ts';
import { parseAppMessage } from './drachtio/app-message.ts';
import { Apps } from './drachtio/apps.ts';
import type { Frame } from './drachtio/framing.ts';
import { parseMessage } from './message/parse.ts';
import type { Flow } from './transport/flow.ts';
import { Transports } from './transport/transports.ts';
import { UserAgentClient } from './user-agent-client.ts';
import { UserAgentServer } from './user-agent-server.ts';

export interface SipAgentSettings {
  /** Address to listen on for SIP. */
  readonly host: string;
  /** What peers are told; `host` when not given. */
  readonly advertisedHost?: string;
  /** UDP and TCP; 0 takes a free one. */
  readonly sipPort: number;
  /** Where applications connect. */
  readonly app: { readonly host: string; readonly port: number; readonly secret: string };
}

export interface SipAgent {
  readonly sipPort: number;
  readonly app: { readonly host: string; readonly port: number };
  /** How much is held now; all of it is 0 when nobody calls. */
  stats(): Record<string, number>;
  close(): Promise<void>;
}

/**
 * Starts the agent.
 *
 * @throws Error with address and port when a port is taken
 */
export async function startSipAgent(settings: SipAgentSettings, log: Logger): Promise<SipAgent> {
  const advertisedHost = settings.advertisedHost ?? settings.host;
  const dialogs = new Dialogs();
  const onMessage = (data: Buffer, flow: Flow) => receive(data, flow);
  const transports = await Transports.listen({ ...settings, advertisedHost, onMessage, log });
  const listening = (host: string) =>
    ['tcp', 'udp'].map(protocol => `${protocol}/${host}:${transports.sipPort}`).join(',');
  const apps = await Apps.listen({
    ...settings.app,
    advertised: listening(advertisedHost),
    local: listening(settings.host),
    onSip: (app, commandId, frame) => obey(app, commandId, frame),
    onClosed: app => {
      server.appClosed(app);
      dialogs.orphan(app);
    },
    log,
  }).catch(async err => {
    await transports.close();
    throw err;
  });
  const client = new UserAgentClient({
    transports,
    dialogs,
    onDialogEnded: dialog => server.forget(dialog),
  });
  const server = new UserAgentServer({
    transports,
    dialogs,
    apps,
    bye: (dialog, reason) => endByItself(dialog, reason),
    log,
  });

  function receive(data: Buffer, flow: Flow): void {
    const parsed = parseMessage(data);
    if (!parsed.ok) return log.debug({ reason: parsed.reason }, 'message dropped');
    if (parsed.message.kind === 'request') server.receive(parsed.message, flow);
    else client.receive(parsed.message);
  }

  function obey(app: AppConnection, commandId: string, { tokens, message }: Frame): void {
    const [, , transactionId = '', dialogId = '', routeUrl = ''] = tokens;
    const parsed = parseAppMessage(message);
    if (parsed.startLine.startsWith('SIP/2.0 ')) {
      if (transactionId === '') return app.reply(commandId, 'NO', 'transaction id missing');
      return server.respond(app, commandId, transactionId, parsed);
    }
    const isCancel = parsed.startLine.startsWith('CANCEL ') && dialogId === '';
    if (isCancel) return client.cancel(app, commandId, transactionId);
    if (transactionId !== '' && dialogId === '')
      return app.reply(commandId, 'NOK', 'request with a transaction id must be CANCEL');
    client.request(app, commandId, { dialogId, routeUrl }, parsed);
  }

  /** A dialog the agent gives up: BYE to the peer, and the same BYE to the application. */
  function endByItself(dialog: Dialog, text: string): void {
    const reason = `SIP;cause=200;text="${text}"`;
    client.bye(dialog, reason);
    dialogs.remove(dialog);
    const app = dialog.facts.owner as AppConnection | undefined;
    app?.deliver(unsolicitedBye(dialog, reason), {
      source: 'application',
      bytes: 0,
      protocol: dialog.flow.protocol,
      host: dialog.flow.localHost,
      port: dialog.flow.localPort,
      transactionId: 'unsolicited',
      dialogId: dialog.facts.id,
    });
  }

  return {
    sipPort: transports.sipPort,
    app: apps.address,
    stats: () => ({
      ...server.stats,
      ...client.stats,
      dialogs: dialogs.size,
      tcpConnections: transports.tcpConnections,
      pendingFrames: apps.pendingFrames,
    }),
    close: async () => {
      server.close();
      client.close();
      dialogs.clear();
      await Promise.all([apps.close(), transports.close()]);
    },
  };
}

function unsolicitedBye({ facts, remoteTarget, localSeq }: Dialog, reason: string): Buffer {
  const lines = [
    `BYE ${remoteTarget} SIP/2.0`,
    `From: ${facts.localAddress}`,
    `To: ${facts.remoteAddress}`,
    `Call-ID: ${facts.callId}`,
    `CSeq: ${localSeq} BYE`,
    `Reason: ${reason}`,
    'Content-Length: 0',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}
