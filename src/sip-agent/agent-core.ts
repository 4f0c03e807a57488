import type { Logger } from 'pino';
import { Answers } from './answers.ts';
import { Dialogs } from './dialog/dialogs.ts';
import { SessionTimers } from './dialog/session-timers.ts';
import { Subscriptions } from './dialog/subscriptions.ts';
import type { AppConnection } from './drachtio/app-connection.ts';
import { parseAppMessage } from './drachtio/app-message.ts';
import type { Apps } from './drachtio/apps.ts';
import { CallRecords, type StopReason } from './drachtio/call-records.ts';
import type { Frame } from './drachtio/framing.ts';
import type { SourceGuard } from './guard/source-guard.ts';
import type { SipRequest } from './message/message.ts';
import { type ParseResult, parseMessage } from './message/parse.ts';
import { isReadable } from './message/sanity.ts';
import type { AppDialog } from './pending-requests.ts';
import { RareLog } from './rare-log.ts';
import { RequestBuilder } from './request-builder.ts';
import { SessionRefresher } from './session-refresher.ts';
import type { Flow } from './transport/flow.ts';
import { RegisteredFlows } from './transport/registered-flows.ts';
import type { Transports } from './transport/transports.ts';
import { UserAgentClient } from './user-agent-client.ts';
import { UserAgentServer } from './user-agent-server.ts';

export interface AgentCoreDeps {
  readonly transports: Pick<Transports, 'flowTo' | 'isOurs' | 'tcpConnections'>;
  readonly apps: Pick<Apps, 'next' | 'pendingFrames'>;
  /** None where every peer is trusted. */
  readonly guard?: SourceGuard | undefined;
  readonly log: Logger;
}

/** What the application is told when nobody refreshed; the words are the protocol's. */
const SESSION_EXPIRED = 'Session timer expired';

/** How much is held now; all but connections is 0 some 32 s after the last call. */
export interface SipAgentStats {
  readonly serverTransactions: number;
  readonly clientTransactions: number;
  /** Requests that wait for an application's answer. */
  readonly pendingRequests: number;
  /** 2xx that wait for their ACK. */
  readonly unacknowledged: number;
  readonly dialogs: number;
  /** Over TCP and TLS. */
  readonly tcpConnections: number;
  /** Contacts that are reached over the connection they registered on. */
  readonly registeredFlows: number;
  /** Frames and gaps held back for applications. */
  readonly pendingFrames: number;
}

/** Between the network and the applications: who of the two halves gets what. */
export class AgentCore {
  readonly #deps: AgentCoreDeps;
  readonly #log: RareLog;
  readonly #dialogs = new Dialogs<AppConnection>();
  readonly #registered = new RegisteredFlows();
  readonly #sessions: SessionTimers<AppConnection>;
  readonly #subscriptions: Subscriptions<AppConnection>;
  readonly #records: CallRecords;
  readonly #answers: Answers;
  readonly #client: UserAgentClient;
  readonly #server: UserAgentServer;

  constructor(deps: AgentCoreDeps) {
    const { transports, apps } = deps;
    this.#deps = deps;
    this.#log = new RareLog(deps.log);
    this.#records = new CallRecords(apps);
    this.#subscriptions = new Subscriptions(dialog => this.#dialogs.remove(dialog));
    const giveUp = (dialog: AppDialog, reason: string) => this.#giveUp(dialog, reason);
    this.#sessions = new SessionTimers({
      onRefreshDue: dialog => refresher.refresh(dialog),
      onExpired: dialog => giveUp(dialog, SESSION_EXPIRED),
    });
    const shared = {
      dialogs: this.#dialogs,
      registered: this.#registered,
      transports,
      sessions: this.#sessions,
      subscriptions: this.#subscriptions,
      records: this.#records,
      onDialogEnded: (dialog: AppDialog) => this.#forget(dialog),
      giveUp,
    };
    this.#answers = new Answers({
      ...shared,
      cancelFor: pending => this.#server.cancelFor(pending),
    });
    this.#client = new UserAgentClient({ ...shared, build: new RequestBuilder(shared) });
    this.#server = new UserAgentServer({
      ...shared,
      apps,
      answers: this.#answers,
      subscribedBy: (notify, flow) => this.#client.subscribedBy(notify, flow),
      guard: deps.guard,
      log: this.#log,
    });
    const refresher = new SessionRefresher({ ...shared, client: this.#client });
  }

  /** Takes a message off the network; whatever is in it, this does not throw. */
  receive(data: Buffer, flow: Flow): void {
    const { guard } = this.#deps;
    try {
      if (guard?.admits(flow) === false) return;
      const parsed = parseMessage(data);
      if (guard && this.#isRefused(parsed, flow, guard)) return;
      if (!parsed.ok) {
        this.#log.warn({ reason: parsed.reason, remoteAddr: flow.remoteHost }, 'message dropped');
        if (parsed.request)
          this.#server.refuse(parsed.request, flow, { status: 400, text: parsed.reason });
      } else if (parsed.message.kind === 'request') this.#server.receive(parsed.message, flow);
      else if (isReadable(parsed.message)) this.#client.receive(parsed.message, flow);
    } catch (err) {
      this.#log.warn({ err, remoteAddr: flow.remoteHost }, 'message could not be handled');
    }
  }

  /** Does what an application says, or tells it why not; this does not throw either. */
  obey(app: AppConnection, commandId: string, frame: Frame): void {
    try {
      this.#obey(app, commandId, frame);
    } catch (err) {
      app.reply(commandId, 'NOK', err instanceof Error ? err.message : 'cannot be sent');
    }
  }

  /** Answers those who wait for an application that is gone. */
  appClosed(app: AppConnection): void {
    this.#answers.appClosed(app);
    this.#client.appClosed(app);
    this.#dialogs.orphan(app);
  }

  get stats(): SipAgentStats {
    return {
      serverTransactions: this.#server.size,
      clientTransactions: this.#client.size,
      pendingRequests: this.#answers.pending.size,
      unacknowledged: this.#answers.unacknowledged,
      dialogs: this.#dialogs.size,
      tcpConnections: this.#deps.transports.tcpConnections,
      registeredFlows: this.#registered.size,
      pendingFrames: this.#deps.apps.pendingFrames,
    };
  }

  close(): void {
    this.#answers.close();
    this.#sessions.clear();
    this.#subscriptions.clear();
    this.#server.close();
    this.#client.close();
    this.#dialogs.clear();
    this.#registered.clear();
  }

  /** Banned peers still get what their standing calls need, and answer what we asked them. */
  #isRefused(parsed: ParseResult, flow: Flow, guard: SourceGuard): boolean {
    const message = parsed.ok ? parsed.message : parsed.request;
    if (message?.kind === 'response') return false;
    if (!guard.isBanned(message, flow)) return false;
    return !parsed.ok || !this.#server.expects(parsed.message as SipRequest);
  }

  #obey(app: AppConnection, commandId: string, { tokens, message }: Frame): void {
    const [, , transactionId = '', id = '', routeUrl = ''] = tokens;
    const parsed = parseAppMessage(message);
    if (/^SIP\//i.test(parsed.startLine)) {
      if (transactionId === '') return app.refuse(commandId, 'transaction id missing');
      return this.#answers.respond(app, commandId, transactionId, parsed);
    }
    if (id === '' && transactionId !== '') {
      if (!parsed.startLine.startsWith('CANCEL '))
        throw new Error('a request with a transaction id must be CANCEL');
      return this.#client.cancel(app, commandId, transactionId, parsed);
    }
    this.#client.request(app, commandId, { dialogId: id, routeUrl }, parsed);
  }

  /** A dialog that ends by itself: BYE to the peer, and the same BYE to the application. */
  #giveUp(dialog: AppDialog, text: string): void {
    this.#forget(dialog);
    const bye = this.#client.bye(dialog, `SIP;cause=200;text="${text}"`);
    this.#dialogs.remove(dialog);
    const reason: StopReason =
      text === SESSION_EXPIRED ? 'session-expired' : 'system-initiated-termination';
    this.#records.stop('application', reason, bye);
    dialog.facts.owner.deliver(bye, {
      source: 'application',
      bytes: bye.length,
      protocol: dialog.flow.protocol,
      host: dialog.flow.localHost,
      port: dialog.flow.localPort,
      transactionId: 'unsolicited',
      dialogId: dialog.facts.id,
    });
  }

  /** Nothing runs for a dialog that is over. */
  #forget(dialog: AppDialog): void {
    this.#answers.forget(dialog);
    this.#sessions.stop(dialog);
    this.#subscriptions.stop(dialog);
  }
}
