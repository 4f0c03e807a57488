/** A device's side of one call, message by message. */
import {
  header,
  type RawMessage,
  responseTo,
  SDP,
  tagOf,
  unique,
  uriOf,
  writeMessage,
} from './raw-message.ts';
import type { RawPeer } from './raw-peer.ts';

type Extra = Readonly<Record<string, string | readonly string[]>>;

export interface RequestOptions {
  readonly headers?: Extra;
  readonly body?: string | Buffer;
  /** Where it differs from the next one. */
  readonly cseq?: number;
  readonly branch?: string;
}

/** What a device knows of a call: RFC 3261 §12 in the smallest form. */
export class Caller {
  readonly peer: RawPeer;
  readonly agentPort: number;
  readonly callId = unique('call-');
  localTag = unique('tag-');
  remoteTag = '';
  target: string;
  cseq = 0;
  inviteBranch = '';
  inviteSeq = 0;

  constructor(peer: RawPeer, agentPort: number, user = 'room') {
    this.peer = peer;
    this.agentPort = agentPort;
    this.target = `sip:${user}@${peer.serverHost}:${agentPort}`;
  }

  /** The device's side of a call that the agent began with this INVITE. */
  static of(invite: RawMessage, peer: RawPeer, agentPort: number): Caller {
    const caller = new Caller(peer, agentPort);
    Object.assign(caller, { callId: header(invite, 'Call-ID'), localTag: 'peer' });
    caller.remoteTag = tagOf(header(invite, 'From'));
    caller.target = uriOf(header(invite, 'Contact'));
    return caller;
  }

  get contact(): string {
    const { protocol, host, port } = this.peer;
    const transport = protocol === 'udp' ? '' : `;transport=${protocol}`;
    return `<sip:device@${host}:${port}${transport}>`;
  }

  request(method: string, options: RequestOptions = {}): Buffer {
    const isSameSeq = method === 'ACK' || method === 'CANCEL';
    if (options.cseq !== undefined) this.cseq = options.cseq;
    else if (!isSameSeq) this.cseq += 1;
    const branch = options.branch ?? (method === 'CANCEL' ? this.inviteBranch : newBranch());
    if (method === 'INVITE') [this.inviteBranch, this.inviteSeq] = [branch, this.cseq];
    const seq = isSameSeq ? this.inviteSeq : this.cseq;
    const toTag = this.remoteTag && method !== 'CANCEL' ? `;tag=${this.remoteTag}` : '';
    const needsContact = ['INVITE', 'REGISTER', 'UPDATE'].includes(method);
    const headers: Extra = {
      Via: `SIP/2.0/${this.peer.protocol.toUpperCase()} ${this.peer.host}:${this.peer.port};rport;branch=${branch}`,
      'Max-Forwards': '70',
      From: `"Phòng họp" <sip:device@example.vn>;tag=${this.localTag}`,
      To: `<sip:room@example.vn>${toTag}`,
      'Call-ID': this.callId,
      CSeq: `${seq} ${method}`,
      ...(needsContact && { Contact: this.contact }),
      ...(options.body !== undefined && { 'Content-Type': 'application/sdp' }),
      ...options.headers,
    };
    return writeMessage(`${method} ${this.target} SIP/2.0`, headers, options.body);
  }

  send(method: string, options: RequestOptions = {}): Buffer {
    const data = this.request(method, options);
    this.peer.send(data);
    return data;
  }

  /** The final response to the method's last request, or a given provisional one. */
  response(method: string, status?: number): Promise<RawMessage> {
    return this.peer.take(
      `${status ?? 'final'} to ${method} ${this.cseq}`,
      message =>
        header(message, 'Call-ID') === this.callId &&
        header(message, 'CSeq').endsWith(` ${method}`) &&
        (status === undefined ? message.status >= 200 : message.status === status),
    );
  }

  /** The next request of the agent in this call. */
  incoming(method: string): Promise<RawMessage> {
    return this.peer.take(
      method,
      message => message.method === method && header(message, 'Call-ID') === this.callId,
    );
  }

  /** INVITE, wait for 200, ACK. */
  async dial(options: RequestOptions = {}): Promise<RawMessage> {
    this.send('INVITE', { body: SDP, ...options });
    const ok = await this.response('INVITE');
    if (ok.status !== 200) throw new Error(`call refused: ${ok.startLine}`);
    this.learn(ok);
    this.send('ACK');
    return ok;
  }

  /** Takes tag and target from a 2xx. */
  learn(ok: RawMessage): void {
    this.remoteTag = tagOf(header(ok, 'To'));
    this.target = uriOf(header(ok, 'Contact'));
  }

  /** Answers a request of the agent. */
  answer(
    request: RawMessage,
    status: number,
    options: { headers?: Readonly<Record<string, string>>; body?: string } = {},
  ): void {
    const isSdp = options.body !== undefined && { 'Content-Type': 'application/sdp' };
    const headers = { Contact: this.contact, ...isSdp, ...options.headers };
    this.peer.send(responseTo(request, status, { ...options, toTag: this.localTag, headers }));
  }

  async hangUp(): Promise<RawMessage> {
    this.send('BYE');
    return this.response('BYE');
  }
}

function newBranch(): string {
  return `z9hG4bK${unique()}`;
}
