import type { SceneLayout } from '../contract/layout.ts';
import type { SrtpPolicy } from '../sdp/index.ts';
import type { EndpointId, SiteGroupId, SiteId } from './ids.ts';

/** Digests of `username:realm:password`, RFC 7616 §3.4.2, in lower-case hex. */
export interface Ha1 {
  readonly md5: string;
  /** Undefined for endpoints that were made before it was kept. */
  readonly sha256: string | undefined;
}

/** A room device. */
export interface Endpoint {
  readonly id: EndpointId;
  readonly siteId: SiteId;
  /** The account it registers under; its own id where it has none, so that every caller has a name. */
  readonly sipUsername: string;
  /** The password itself is not kept; undefined where none was ever set, and nobody can register. */
  readonly ha1?: Ha1;
  /** Addresses and networks it may call from without an account's proof; RFC 4632 notation. */
  readonly fixedAddresses: readonly string[];
  /** Where it is called when it is not registered: a host, `host:port`, or a whole SIP URI. */
  readonly dialAddress?: string;
  /** By which way, unless `dialAddress` says; `udp` when neither does. */
  readonly dialTransport?: 'udp' | 'tcp' | 'tls';
  readonly vendor?: string;
  readonly model?: string;
  /** Id of the row of `QUIRKS` that holds for it, whatever it calls itself. */
  readonly quirks?: string;
  /** Called when the others of its site cannot be reached. */
  readonly isBackup?: boolean;
}

/** A place with endpoints; its name is what others see in the conference. */
export interface Site {
  readonly id: SiteId;
  readonly name: string;
  /** What an endpoint dials to get to this site's conference. */
  readonly number?: string;
  readonly district?: string;
  readonly commune?: string;
  readonly contactName?: string;
  readonly contactPhone?: string;
  readonly notes?: string;
  /** Of its line; what it is sent stays below. */
  readonly lineSpeedBps?: number;
  /** Whether its calls are encrypted; the setting decides where nothing is said. */
  readonly srtp?: SrtpPolicy;
  /** How it sees conferences whose layout is `auto`. */
  readonly layout?: SceneLayout;
  readonly groupId?: SiteGroupId;
  readonly endpoints: readonly Endpoint[];
}

/** Sites that some people are limited to. */
export interface SiteGroup {
  readonly id: SiteGroupId;
  readonly name: string;
}

/** An endpoint with what a call needs to know of its site. */
export interface FoundEndpoint {
  readonly endpoint: Endpoint;
  readonly site: Omit<Site, 'endpoints'>;
}

/** Where an endpoint is now, RFC 3261 §10. */
export interface Binding {
  readonly contactUri: string;
  /** Packet source of the REGISTER, `host:port`. */
  readonly sourceAddr: string;
  readonly sipTransport: string;
  readonly userAgent: string;
  readonly expiresAtMs: number;
  readonly sipCallId: string;
  readonly cseq: number;
}

/** Whether it has an account of its own. */
export function hasAccount({ id, sipUsername }: Pick<Endpoint, 'id' | 'sipUsername'>): boolean {
  return sipUsername !== (id as string);
}

/** Whether who registered as it before has to prove itself anew. */
export function losesRegistrations(before: Endpoint, after: Endpoint): boolean {
  return before.sipUsername !== after.sipUsername || before.ha1?.md5 !== after.ha1?.md5;
}
