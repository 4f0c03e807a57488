import { parseAddress, parseSipUri } from '../message/address.ts';
import { cseqOf, headerList, headerOf, type SipMessage } from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';

/** What a dialog is made of; RFC 3261 §12. */
export interface DialogFacts {
  /** `<Call-ID>;from-tag=<From tag of the request that made it>`: the application's name for it. */
  readonly id: string;
  readonly role: 'uas' | 'uac';
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** Values of From and To as we write them in our requests, tags included. */
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** Our Contact in it. */
  readonly localContact: string;
  readonly routeSet: readonly string[];
  /** Who owns it; its requests go there. */
  readonly owner: unknown;
}

/** A peer relation by Call-ID and both tags. */
export class Dialog {
  readonly facts: DialogFacts;
  /** Where the peer was last heard from. */
  flow: Flow;
  /** The peer's Contact URI; changed by target refresh, RFC 3261 §12.2. */
  remoteTarget: string;
  localSeq: number;
  remoteSeq: number | undefined;
  /** Number of the last INVITE we sent, which its ACK repeats. */
  inviteSeq: number | undefined;
  /** An INVITE of ours has no final response yet; §14.1. */
  ownInvitePending = false;
  /** An INVITE of the peer has no final response yet; §14.2. */
  peerInvitePending = false;

  constructor(
    facts: DialogFacts,
    state: {
      readonly flow: Flow;
      readonly remoteTarget: string;
      readonly localSeq: number;
      readonly remoteSeq: number | undefined;
    },
  ) {
    this.facts = facts;
    this.flow = state.flow;
    this.remoteTarget = state.remoteTarget;
    this.localSeq = state.localSeq;
    this.remoteSeq = state.remoteSeq;
  }

  /** Takes the peer's new Contact, if it gave one. */
  refreshTarget(message: SipMessage): void {
    const uri = contactUri(message);
    if (uri !== undefined) this.remoteTarget = uri;
  }

  /**
   * The URI whose host the next request is sent to; undefined means back along
   * `flow`. A device behind NAT writes an address in its Contact that nobody
   * reaches, so without a route the packet's source is used; over TCP its
   * connection.
   */
  get nextHop(): string | undefined {
    const [route] = this.facts.routeSet;
    if (route !== undefined) return parseAddress(route)?.uri;
    if (this.flow.protocol === 'tcp' && this.flow.isOpen) return undefined;
    const target = parseSipUri(this.remoteTarget);
    const elsewhere =
      target?.host !== this.flow.remoteHost || (target.port ?? 5060) !== this.flow.remotePort;
    return this.flow.protocol === 'udp' && elsewhere ? undefined : this.remoteTarget;
  }
}

/** The application's name for the dialog that a request makes. */
export function dialogId(callId: string, fromTag: string): string {
  return `${callId};from-tag=${fromTag}`;
}

export function contactUri(message: SipMessage): string | undefined {
  const [first] = headerList(message, 'contact');
  return first === undefined ? undefined : parseAddress(first)?.uri;
}

/** Route set of a UAS (in order) or a UAC (reversed); RFC 3261 §12.1. */
export function routeSetOf(message: SipMessage, role: 'uas' | 'uac'): string[] {
  const routes = headerList(message, 'record-route');
  return role === 'uas' ? routes : routes.reverse();
}

export function seqOf(message: SipMessage): number | undefined {
  return cseqOf(message)?.number;
}

export function callIdOf(message: SipMessage): string {
  return headerOf(message, 'call-id') ?? '';
}
