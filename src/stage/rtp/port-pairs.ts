import { createSocket, type Socket, type SocketOptions } from 'node:dgram';
import { lookup } from 'node:dns';
import { isIPv4 } from 'node:net';

/** Two UDP ports, even for RTP and the next for RTCP; whoever opened it closes it. RFC 3550 §11. */
export interface PortPair {
  readonly rtpPort: number;
  readonly rtcpPort: number;
  /** Hands on what arrives; what came before that is lost. Once only. */
  listen(listener: PairListener): void;
  sendRtp(data: Buffer, to: { host: string; rtpPort: number }): void;
  sendRtcp(data: Buffer, to: { host: string; rtcpPort: number }): void;
  /** Safe to call twice. */
  close(): void;
}

export interface PairListener {
  readonly onRtp: (data: Buffer) => void;
  readonly onRtcp: (data: Buffer) => void;
}

export interface PairOptions {
  readonly listener?: PairListener;
  readonly rtpPort?: number | undefined;
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

  /**
   * @param options.listener as `listen` takes it, when it is known already
   * @param options.rtpPort just this one, which it was before a restart
   * @throws PortsExhausted
   */
  async open(options: PairOptions = {}): Promise<PortPair> {
    const { listener, rtpPort } = options;
    if (rtpPort === undefined) return this.#openNext(listener);
    const pair = this.#used.has(rtpPort) ? undefined : await this.#openAt(rtpPort, listener);
    if (pair) return pair;
    throw new PortsExhausted(`port ${rtpPort} is taken`);
  }

  async #openNext(listener: PairListener | undefined): Promise<PortPair> {
    for (let tried = 0; tried < this.#count; tried++) {
      const rtpPort = this.#min + 2 * (this.#next++ % this.#count);
      if (this.#used.has(rtpPort)) continue;
      const pair = await this.#openAt(rtpPort, listener);
      if (pair) return pair;
    }
    throw new PortsExhausted('no free port pair');
  }

  /** Undefined when somebody else holds it. */
  async #openAt(
    rtpPort: number,
    listener: PairListener | undefined,
  ): Promise<PortPair | undefined> {
    this.#used.add(rtpPort);
    const sockets = await this.#bindBoth(rtpPort);
    if (sockets) return this.#pair(rtpPort, sockets, listener);
    this.#used.delete(rtpPort);
    return undefined;
  }

  async #bindBoth(rtpPort: number): Promise<[Socket, Socket] | undefined> {
    const rtp = await bind(this.#host, rtpPort);
    if (!rtp) return undefined;
    const rtcp = await bind(this.#host, rtpPort + 1);
    if (rtcp) return [rtp, rtcp];
    rtp.close();
    return undefined;
  }

  #pair(
    rtpPort: number,
    [rtp, rtcp]: readonly [Socket, Socket],
    listener: PairListener | undefined,
  ): PortPair {
    let isOpen = true;
    const listen = ({ onRtp, onRtcp }: PairListener) => {
      rtp.on('message', onRtp);
      rtcp.on('message', onRtcp);
    };
    if (listener) listen(listener);
    return {
      rtpPort,
      rtcpPort: rtpPort + 1,
      listen,
      sendRtp: (data, to) => {
        if (isOpen) rtp.send(data, to.rtpPort, to.host);
      },
      sendRtcp: (data, to) => {
        if (isOpen) rtcp.send(data, to.rtcpPort, to.host);
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

/** An error of a bound UDP socket concerns a single packet: it counts as lost, as the reports tell. */
function ignorePacketError(): void {}

function bind(host: string, port: number): Promise<Socket | undefined> {
  return new Promise(resolve => {
    const socket = createSocket({ type: 'udp4', lookup: lookupAtOnce });
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind(port, host, () => {
      socket.removeAllListeners('error');
      socket.on('error', ignorePacketError);
      setReceiveBuffer(socket);
      resolve(socket);
    });
  });
}

/** Addresses need no resolver: without this every packet would wait for one turn of the event loop. */
const lookupAtOnce: SocketOptions['lookup'] = (host, options, done) => {
  if (isIPv4(host)) done(null, host, 4);
  else lookup(host, options, done);
};

function setReceiveBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The system's limit is lower: its own size will do.
  }
}
