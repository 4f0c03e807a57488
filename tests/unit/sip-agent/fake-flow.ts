import type { Flow, Protocol } from '../../../src/sip-agent/transport/flow.ts';

/** A flow that keeps what is sent on it, and fails or closes when told so. */
export class FakeFlow implements Flow {
  readonly protocol: Protocol;
  readonly localHost = '192.0.2.1';
  readonly localPort = 5060;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly sent: string[] = [];
  isOpen = true;
  /** The next messages are lost, with an error. */
  fails = false;
  readonly #listeners: (() => void)[] = [];

  constructor(protocol: Protocol = 'udp', remoteHost = '192.0.2.2', remotePort = 5060) {
    this.protocol = protocol;
    this.remoteHost = remoteHost;
    this.remotePort = remotePort;
  }

  send(data: Buffer, onError?: (err: Error) => void): void {
    if (this.fails) setTimeout(() => onError?.(new Error('lost')), 0);
    else this.sent.push(data.toString());
  }

  onceClosed(listener: () => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.isOpen = false;
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
