import type { SrtpPolicy } from '../sdp/index.ts';
import type { EndpointId, SiteId } from './ids.ts';

/** Digests of `username:realm:password`, RFC 7616 §3.4.2, in lower-case hex. */
export interface Ha1 {
  readonly md5: string;
  /** Undefined for endpoints that were made before it was kept. */
  readonly sha256: string | undefined;
}

/** A room device with the account it registers under. */
export interface Endpoint {
  readonly id: EndpointId;
  readonly siteId: SiteId;
  readonly sipUsername: string;
  /** The password itself is not kept. */
  readonly ha1: Ha1;
  /** Addresses and networks it may call from without an account's proof; RFC 4632 notation. */
  readonly fixedAddresses: readonly string[];
  /** Where it is called when it is not registered: a host, `host:port`, or a whole SIP URI. */
  readonly dialAddress?: string;
  /** By which way, unless `dialAddress` says; `udp` when neither does. */
  readonly dialTransport?: 'udp' | 'tcp' | 'tls';
  /** Called when the others of its site cannot be reached. */
  readonly isBackup?: boolean;
}

/** A place with endpoints; its name is what others see in the conference. */
export interface Site {
  readonly id: SiteId;
  readonly name: string;
  /** What an endpoint dials to get to this site's conference. */
  readonly number?: string;
  /** Whether its calls are encrypted; the setting decides where nothing is said. */
  readonly srtp?: SrtpPolicy;
  readonly endpoints: readonly Endpoint[];
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
