/** One way to one peer: a UDP address pair, or a TCP or TLS connection. */
export type Protocol = 'udp' | 'tcp' | 'tls';

export interface Flow {
  readonly protocol: Protocol;
  /** Our own address, as peers reach it. */
  readonly localHost: string;
  readonly localPort: number;
  readonly remoteHost: string;
  readonly remotePort: number;
  /** False once a connection is gone; UDP always stands. */
  readonly isOpen: boolean;
  /** Sends one message; a failure comes to `onError` later, never at once, and at most once. */
  send(data: Buffer, onError?: (err: Error) => void): void;
  /** Calls back once when the connection is gone; never for UDP. */
  onceClosed(listener: () => void): void;
}

/** Where a message shall go. */
export interface Target {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
}

/** Takes whole messages off a transport. */
export type OnMessage = (data: Buffer, flow: Flow) => void;

/** TCP and TLS deliver by themselves: no retransmission is needed, RFC 3261 §17. */
export function isReliable(flow: Pick<Flow, 'protocol'>): boolean {
  return flow.protocol !== 'udp';
}

/** Where the peer of a flow is. */
export function peerOf(flow: Flow): { readonly host: string; readonly port: number } {
  return { host: flow.remoteHost, port: flow.remotePort };
}
