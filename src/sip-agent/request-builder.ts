import { randomUUID } from 'node:crypto';
import { firstSeq } from './dialog/make-dialog.ts';
import {
  type AppMessage,
  appHeader,
  appHeaders,
  fromWithoutLocalhost,
  ownAddress,
  ownContact,
  withoutLocalhost,
} from './drachtio/app-message.ts';
import { parseAddress, parseSipUri, tagOf } from './message/address.ts';
import { type HeaderLine, newTag } from './message/serialize.ts';
import { type Outgoing, outgoingRequest } from './outgoing-request.ts';
import type { AppDialog } from './pending-requests.ts';
import type { Flow } from './transport/flow.ts';
import type { RegisteredFlows } from './transport/registered-flows.ts';
import { targetOf } from './transport/targets.ts';
import type { Transports } from './transport/transports.ts';

/** Requests that say where we are; RFC 3261 §8.1.1.8, RFC 3311 §5.1. */
const WITH_CONTACT = ['INVITE', 'REFER', 'SUBSCRIBE', 'UPDATE'];

export interface RequestBuilderDeps {
  readonly transports: Pick<Transports, 'flowTo' | 'isOurs'>;
  readonly registered: Pick<RegisteredFlows, 'flowFor'>;
}

/** Completes the application's requests: addresses, identifiers, and the way they take. RFC 3261 §8.1.1, §12.2.1.1. */
export class RequestBuilder {
  readonly #deps: RequestBuilderDeps;

  constructor(deps: RequestBuilderDeps) {
    this.#deps = deps;
  }

  /**
   * A request outside of dialogs.
   *
   * @param routeUrl where the packet goes instead of to the request-URI; '' for none. No Route is written.
   * @throws Error whose message is for the application
   */
  outside(method: string, uri: string, routeUrl: string, message: AppMessage): Outgoing {
    const schemes = routeUrl === '' ? /^sips?:/i : /^(?:sips?|tel):/i;
    if (!schemes.test(uri)) throw new Error(`invalid request-uri: ${message.startLine}`);
    const flow = this.#flowOutside(uri, routeUrl);
    const from = fromWithoutLocalhost(
      appHeader(message, 'from') ?? `<sip:${ownAddress(flow)}>`,
      flow,
    );
    const to = withoutLocalhost(appHeader(message, 'to') ?? `<${uri}>`, flow);
    if (!parseAddress(from) || !parseAddress(to)) throw new Error('Error creating leg');
    const given = appHeaders(message, 'contact');
    const contacts =
      given.length === 0 && WITH_CONTACT.includes(method) ? [ownContact(flow)] : given;
    return outgoingRequest({ method, uri }, flow, message, [
      ['From', tagOf(from) === undefined ? `${from};tag=${newTag()}` : from],
      ['To', to],
      ['Call-ID', appHeader(message, 'call-id') ?? randomUUID()],
      ['CSeq', ownSeq(message, method)],
      ...contacts.map(value => ['Contact', withoutLocalhost(value, flow)] as const),
      ...identities(message, flow),
    ]);
  }

  /**
   * A request in a dialog, with the next number of it, or an ACK with its INVITE's.
   *
   * @param ackSeq number of the INVITE an ACK acknowledges
   */
  inDialog(
    dialog: AppDialog,
    line: { readonly method: string; readonly uri: string },
    message: AppMessage,
    ackSeq?: number,
  ): Outgoing {
    const { facts } = dialog;
    const { method } = line;
    const isAck = ackSeq !== undefined;
    if (!isAck) dialog.localSeq += 1;
    const uri = isAck || line.uri.includes('placeholder') ? dialog.remoteTarget : line.uri;
    const flow = this.#flowInDialog(dialog);
    const contact = appHeader(message, 'contact') ?? dialog.localContact;
    return outgoingRequest({ method, uri }, flow, message, [
      ...dialog.routeSet.map(route => ['Route', route] as const),
      ['From', facts.localAddress],
      ['To', facts.remoteAddress],
      ['Call-ID', facts.callId],
      ['CSeq', `${ackSeq ?? dialog.localSeq} ${method}`],
      ...contactOf(method, contact, flow),
      ...identities(message, flow),
    ]);
  }

  #flowOutside(uri: string, routeUrl: string): Flow {
    const hop = routeUrl === '' ? uri : (parseAddress(routeUrl)?.uri ?? routeUrl);
    // The client takes the way a challenge came, and says no transport with it.
    const target = targetOf(hop, parseSipUri(uri)?.params.get('transport'));
    if (!target) throw new Error('requested protocol/transport not available');
    const connection = this.#deps.registered.flowFor(hop);
    if (connection) return connection;
    if (this.#deps.transports.isOurs(target)) throw new Error('can not send request to myself');
    return this.#deps.transports.flowTo(target);
  }

  /** To the first route; else back to the peer. The transport of a dialog never changes by itself. */
  #flowInDialog(dialog: AppDialog): Flow {
    const { flow, remoteTarget, routeSet } = dialog;
    const [route] = routeSet;
    if (dialog.followsFlow) return flow;
    const next = route === undefined ? remoteTarget : (parseAddress(route)?.uri ?? '');
    const target = targetOf(next, route === undefined ? flow.protocol : undefined);
    if (route !== undefined) return target ? this.#deps.transports.flowTo(target) : flow;
    const connection = this.#deps.registered.flowFor(remoteTarget);
    if (connection?.protocol === flow.protocol) return connection;
    const { protocol } = flow;
    return target ? this.#deps.transports.flowTo({ ...target, protocol }) : flow;
  }
}

function ownSeq(message: AppMessage, method: string): string {
  const given = /^(\d{1,9})(?:\s|$)/.exec(appHeader(message, 'cseq') ?? '')?.[1];
  return `${given ?? firstSeq()} ${method}`;
}

function contactOf(method: string, contact: string, flow: Flow): HeaderLine[] {
  if (!WITH_CONTACT.includes(method)) return [];
  return [['Contact', contact === '' ? ownContact(flow) : withoutLocalhost(contact, flow)]];
}

function identities(message: AppMessage, flow: Flow): HeaderLine[] {
  return appHeaders(message, 'p-asserted-identity').map(
    value => ['P-Asserted-Identity', withoutLocalhost(value, flow)] as const,
  );
}
