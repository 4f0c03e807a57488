import { createSocket, type Socket } from 'node:dgram';

/** Two UDP ports, even for RTP and the next for RTCP; whoever opened it closes it. RFC 3550 §11. */
export interface PortPair {
  readonly rtpPort: number;
  readonly rtcpPort: number;
  sendRtp(data: Buffer, to: { host: string; rtpPort: number }): void;
  sendRtcp(data: Buffer, to: { host: string; rtcpPort: number }): void;
  /** Safe to call twice. */
  close(): void;
}

export interface PairListener {
  readonly onRtp: (data: Buffer) => void;
  readonly onRtcp: (data: Buffer) => void;
}

/** The range is full. */
export class PortsExhausted extends Error {
  override readonly name = 'PortsExhausted';
}

const RECEIVE_BUFFER_BYTES = 1024 * 1024;

/** Gives out port pairs of a range; a port that somebody else holds is passed over. */
export class PortPairs {
  readonly #host: string;
  readonly #min: number;
  readonly #count: number;
  readonly #used = new Set<number>();
  #next = 0;

  constructor(options: {
    readonly host: string;
    readonly portMin: number;
    readonly portMax: number;
  }) {
    this.#host = options.host;
    this.#min = options.portMin + (options.portMin % 2);
    this.#count = Math.floor((options.portMax - this.#min + 1) / 2);
  }

  /** Sockets open now. */
  get openSockets(): number {
    return this.#used.size * 2;
  }

  /** @throws PortsExhausted */
  async open(listener: PairListener): Promise<PortPair> {
    for (let tried = 0; tried < this.#count; tried++) {
      const rtpPort = this.#min + 2 * (this.#next++ % this.#count);
      if (this.#used.has(rtpPort)) continue;
      this.#used.add(rtpPort);
      const sockets = await this.#bindBoth(rtpPort);
      if (sockets) return this.#pair(rtpPort, sockets, listener);
      this.#used.delete(rtpPort);
    }
    throw new PortsExhausted('no free port pair');
  }

  async #bindBoth(rtpPort: number): Promise<[Socket, Socket] | undefined> {
    const rtp = await bind(this.#host, rtpPort);
    if (!rtp) return undefined;
    const rtcp = await bind(this.#host, rtpPort + 1);
    if (rtcp) return [rtp, rtcp];
    rtp.close();
    return undefined;
  }

  #pair(rtpPort: number, [rtp, rtcp]: [Socket, Socket], listener: PairListener): PortPair {
    rtp.on('message', listener.onRtp);
    rtcp.on('message', listener.onRtcp);
    let isOpen = true;
    return {
      rtpPort,
      rtcpPort: rtpPort + 1,
      sendRtp: (data, to) => {
        if (isOpen) rtp.send(data, to.rtpPort, to.host, ignoreSendError);
      },
      sendRtcp: (data, to) => {
        if (isOpen) rtcp.send(data, to.rtcpPort, to.host, ignoreSendError);
      },
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        this.#used.delete(rtpPort);
        rtp.close();
        rtcp.close();
      },
    };
  }
}

/** A packet that cannot be sent is a packet lost: the peer's reports tell. */
function ignoreSendError(): void {}

function bind(host: string, port: number): Promise<Socket | undefined> {
  return new Promise(resolve => {
    const socket = createSocket({ type: 'udp4' });
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind(port, host, () => {
      socket.removeAllListeners('error');
      // Errors of a bound UDP socket (a peer's port is closed) concern single packets only.
      socket.on('error', ignoreSendError);
      setReceiveBuffer(socket);
      resolve(socket);
    });
  });
}

function setReceiveBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The system's limit is lower: its own size will do.
  }
}
