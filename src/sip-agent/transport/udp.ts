import { createSocket, type Socket } from 'node:dgram';
import type { Logger } from 'pino';
import type { Flow, OnMessage } from './flow.ts';

export interface UdpOptions {
  readonly host: string;
  readonly port: number;
  /** What peers are told; the bound address when not given. */
  readonly advertisedHost: string;
  readonly onMessage: OnMessage;
  readonly log: Logger;
}

const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** SIP over UDP on one port; large messages are fragmented by the system. */
export class UdpTransport {
  readonly #options: UdpOptions;
  readonly #socket: Socket;

  private constructor(options: UdpOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
  }

  /** @throws Error with address and port when the port is taken */
  static async listen(options: UdpOptions): Promise<UdpTransport> {
    const socket = createSocket({ type: options.host.includes(':') ? 'udp6' : 'udp4' });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(options.port, options.host, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    const transport = new UdpTransport(options, socket);
    socket.on('error', err => options.log.warn({ err }, 'udp socket error'));
    socket.on('message', (data, { address, port }) => {
      // Keep-alives of devices behind NAT: line ends, or a lone zero.
      if (data.length > 4) options.onMessage(data, transport.flowTo(address, port));
    });
    return transport;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  flowTo(remoteHost: string, remotePort: number): Flow {
    const socket = this.#socket;
    const { advertisedHost } = this.#options;
    return {
      protocol: 'udp',
      localHost: advertisedHost,
      localPort: this.port,
      remoteHost,
      remotePort,
      isOpen: true,
      send: (data, onError) =>
        socket.send(data, remotePort, remoteHost, err => {
          if (err) onError?.(err);
        }),
    };
  }

  close(): Promise<void> {
    return new Promise(resolve => this.#socket.close(() => resolve()));
  }
}
