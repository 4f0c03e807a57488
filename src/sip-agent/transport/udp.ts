import { createSocket, type Socket, type SocketOptions } from 'node:dgram';
import dns from 'node:dns';
import { isIP } from 'node:net';
import type { Logger } from 'pino';
import type { Flow, OnMessage } from './flow.ts';
import { familyOf } from './host.ts';
import type { ListenAddress } from './transports.ts';

export interface UdpOptions {
  readonly address: ListenAddress;
  readonly port: number;
  readonly onMessage: OnMessage;
  readonly log: Logger;
}

const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
/** Devices behind NAT keep their way open with line ends or a lone zero. */
const MAX_KEEP_ALIVE_BYTES = 4;

/** What is sent to is an address nearly always: that it is one need not be heard a turn later. */
const lookup: SocketOptions['lookup'] = (host, options, callback) => {
  const family = isIP(host);
  if (family === 0) dns.lookup(host, options, callback);
  else callback(null, host, family);
};

/** SIP over UDP on one port; large messages are fragmented by the system. */
export class UdpTransport {
  readonly protocol = 'udp';
  readonly port: number;
  readonly address: ListenAddress;
  readonly #socket: Socket;
  #closed = false;

  private constructor(options: UdpOptions, socket: Socket) {
    this.#socket = socket;
    this.address = options.address;
    this.port = socket.address().port;
  }

  /** @throws Error with address and port when the port is taken */
  static async listen(options: UdpOptions): Promise<UdpTransport> {
    const { host } = options.address;
    const type = familyOf(host) === 6 ? 'udp6' : 'udp4';
    const socket = createSocket({ type, ipv6Only: type === 'udp6', lookup });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(options.port, host, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    const transport = new UdpTransport(options, socket);
    socket.on('error', err => options.log.warn({ err }, 'udp socket error'));
    socket.on('message', (data, { address, port }) => {
      // Nobody can be answered at port 0.
      if (data.length > MAX_KEEP_ALIVE_BYTES && port > 0)
        options.onMessage(data, transport.flowTo(address, port));
    });
    return transport;
  }

  admits(): boolean {
    return true;
  }

  isConnectedTo(): boolean {
    return true;
  }

  flowTo(remoteHost: string, remotePort: number): Flow {
    return {
      protocol: 'udp',
      localHost: this.address.advertisedHost,
      localPort: this.port,
      remoteHost,
      remotePort,
      isOpen: true,
      send: (data, onError) => this.#send(data, { host: remoteHost, port: remotePort }, onError),
      onceClosed: () => undefined,
    };
  }

  close(): Promise<void> {
    this.#closed = true;
    return new Promise(resolve => this.#socket.close(() => resolve()));
  }

  #send(
    data: Buffer,
    to: { readonly host: string; readonly port: number },
    onError: ((err: Error) => void) | undefined,
  ): void {
    if (this.#closed) return;
    try {
      this.#socket.send(data, to.port, to.host, err => {
        if (err) onError?.(err);
      });
    } catch (err) {
      // A port out of range throws at once; whoever sends expects to hear of it later.
      setImmediate(() => onError?.(err as Error));
    }
  }
}
