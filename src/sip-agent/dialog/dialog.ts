import { parseSipUri } from '../message/address.ts';
import { contactUri } from '../message/contact.ts';
import { headerList, type WithHeaders } from '../message/message.ts';
import { type HeaderLine, keptCopy } from '../message/serialize.ts';
import type { Flow } from '../transport/flow.ts';
import { isSameHost } from '../transport/host.ts';

/** What a dialog is made of; RFC 3261 §12. */
export interface DialogFacts<Owner = unknown> {
  /** `<Call-ID>;from-tag=<From tag of the request that made it>`: the application's name for it. */
  readonly id: string;
  readonly role: 'uas' | 'uac';
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** Values of From and To as we write them in our requests, tags included. */
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** What made it; a dialog may be made by either, and ends by its own means. */
  readonly usage: 'invite' | 'subscribe';
  /** Who owns it; its requests go there. */
  readonly owner: Owner;
}

/** What changes while a dialog lives, as it is at the start. */
export interface DialogStart {
  readonly flow: Flow;
  readonly remoteTarget: string;
  /** Our Contact in it; empty until we have said one. */
  readonly localContact: string;
  readonly routeSet: readonly string[];
  readonly state: DialogState;
  readonly localSeq: number;
  readonly remoteSeq: number | undefined;
}

/** Early from the first 1xx with a tag to the 2xx that confirms it; RFC 3261 §12. */
export type DialogState = 'early' | 'confirmed';

/** A peer relation by Call-ID and both tags. */
export class Dialog<Owner = unknown> {
  readonly facts: DialogFacts<Owner>;
  /** Where the peer was last heard from. */
  flow: Flow;
  /** The peer's Contact URI; changed by target refresh, RFC 3261 §12.2. */
  remoteTarget: string;
  localContact: string;
  routeSet: readonly string[];
  state: DialogState;
  /** Whether the application may send in it: an early one is told to it by a PRACK. */
  isUsable: boolean;
  localSeq: number;
  remoteSeq: number | undefined;
  /** The SDP we said last, for a refresh that must repeat it. */
  localSdp: Buffer | undefined;
  /** Whether the peer has said that it knows UPDATE; RFC 3311 §5. */
  peerKnowsUpdate = false;
  /** The last 2xx to an INVITE of ours that the application may acknowledge, with the INVITE's credentials. */
  acknowledgeable:
    | { readonly seq: number; readonly credentials: readonly HeaderLine[] }
    | undefined;
  /** The ACK sent for it: repeated when the 2xx is, §13.2.2.4. */
  sentAck: { readonly seq: number; readonly data: Buffer; readonly flow: Flow } | undefined;
  /** An INVITE of ours has no final response yet; §14.1. */
  ownInvitePending = false;
  /** An UPDATE of ours with an offer has none. */
  ownUpdatePending = false;
  /** An INVITE of the peer has no final response yet; §14.2. */
  peerInvitePending = false;
  /** An UPDATE of the peer has none; RFC 3311 §5.2. */
  peerUpdatePending = false;

  constructor(facts: DialogFacts<Owner>, start: DialogStart) {
    this.facts = facts;
    this.flow = start.flow;
    this.remoteTarget = start.remoteTarget;
    this.localContact = start.localContact;
    this.routeSet = start.routeSet;
    this.state = start.state;
    this.isUsable = start.state === 'confirmed';
    this.localSeq = start.localSeq;
    this.remoteSeq = start.remoteSeq;
  }

  /** Takes the peer's new Contact, if it gave one. */
  refreshTarget(message: WithHeaders): void {
    const uri = contactUri(message);
    if (uri !== undefined) this.remoteTarget = uri;
  }

  /** A 2xx made it last. */
  confirm(): void {
    this.state = 'confirmed';
    this.isUsable = true;
  }

  /** Takes note of what the peer says it can do; nothing where it says nothing. */
  noteAllowed(message: WithHeaders): void {
    const allowed = headerList(message, 'allow');
    if (allowed.length > 0) this.peerKnowsUpdate = allowed.includes('UPDATE');
  }

  /** Takes note of an SDP of ours. */
  noteLocalSdp(body: Buffer): void {
    if (body.length > 0) this.localSdp = keptCopy(body);
  }

  /**
   * Whether requests go back to where the peer was heard from instead of to
   * its Contact. A device behind NAT writes an address there that nobody
   * reaches; over TCP its connection is the only way. A peer we called chose
   * its own address, so there another port alone is taken at its word.
   */
  get followsFlow(): boolean {
    const { role } = this.facts;
    if (this.routeSet.length > 0) return false;
    if (this.flow.protocol !== 'udp') return this.flow.isOpen;
    const target = parseSipUri(this.remoteTarget);
    return role === 'uas' || !target || !isSameHost(target.host, this.flow.remoteHost);
  }
}

/** The application's name for the dialog that a request makes. */
export function dialogId(callId: string, fromTag: string): string {
  return `${callId};from-tag=${fromTag}`;
}
