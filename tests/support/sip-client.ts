import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { CORE_HOST } from './bed/namespaces.ts';

export interface SipReply {
  readonly status: number;
  /** Values by header name in small letters; the first of each. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface SipRequestOptions {
  readonly method: string;
  /** User part of the request-URI. */
  readonly to?: string;
  readonly username: string;
  /** Given only where a challenge is to be answered. */
  readonly password?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

const SIP_PORT = 5060;
const REPLY_TIMEOUT_MS = 8_000;

/** A bare SIP client over UDP for requests that no phone would send. It never retransmits. */
export class SipClient {
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (reply: SipReply) => void>();
  #cseq = 1;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', data => this.#receive(String(data)));
  }

  /** The caller closes it. */
  static async open(): Promise<SipClient> {
    const socket = createSocket('udp4');
    await new Promise<void>(resolve => socket.bind(0, CORE_HOST, resolve));
    return new SipClient(socket);
  }

  /** Sends a request, answers a challenge if a password is given, and gives the final reply. */
  async request(options: SipRequestOptions): Promise<SipReply> {
    const callId = randomBytes(8).toString('hex');
    const first = await this.#exchange(options, callId);
    const challenge = first.headers.get('www-authenticate');
    if (first.status !== 401 || options.password === undefined || !challenge) return first;
    return this.#exchange(options, callId, authorization(options, challenge));
  }

  /** Sends bytes as they are. */
  sendRaw(data: Buffer | string): void {
    this.#socket.send(data, SIP_PORT, CORE_HOST);
  }

  close(): void {
    this.#socket.close();
  }

  #exchange(
    options: SipRequestOptions,
    callId: string,
    authorizationLine?: string,
  ): Promise<SipReply> {
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`;
    const text = this.#write(options, { callId, branch, authorizationLine });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(branch);
        reject(new Error(`no reply to ${options.method}`));
      }, REPLY_TIMEOUT_MS);
      this.#waiting.set(branch, reply => {
        clearTimeout(timer);
        resolve(reply);
      });
      this.sendRaw(text);
    });
  }

  #write(
    { method, to, username, headers = [], body = '' }: SipRequestOptions,
    ids: { callId: string; branch: string; authorizationLine: string | undefined },
  ): string {
    const { port } = this.#socket.address();
    const uri = uriOf(to);
    const isRegister = method === 'REGISTER';
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${CORE_HOST}:${port};branch=${ids.branch};rport`,
      'Max-Forwards: 70',
      `From: <sip:${username}@${CORE_HOST}>;tag=${ids.callId}`,
      `To: <${isRegister ? `sip:${username}@${CORE_HOST}` : uri}>`,
      `Call-ID: ${ids.callId}`,
      `CSeq: ${this.#cseq++} ${method}`,
      `Contact: <sip:${username}@${CORE_HOST}:${port}>`,
      ...(ids.authorizationLine ? [ids.authorizationLine] : []),
      ...headers,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    return `${lines.join('\r\n')}\r\n\r\n${body}`;
  }

  #receive(text: string): void {
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const [startLine = '', ...lines] = head.split('\r\n');
    const status = Number(/^SIP\/2\.0 (\d+)/.exec(startLine)?.[1]);
    if (!(status >= 200)) return;
    const headers = new Map<string, string>();
    for (const line of lines) {
      const [name = '', ...value] = line.split(':');
      if (!headers.has(name.toLowerCase())) headers.set(name.toLowerCase(), value.join(':').trim());
    }
    const branch = /branch=([^;]+)/.exec(headers.get('via') ?? '')?.[1] ?? '';
    this.#waiting.get(branch)?.({ status, headers, body });
    this.#waiting.delete(branch);
  }
}

function uriOf(user: string | undefined): string {
  return user === undefined ? `sip:${CORE_HOST}` : `sip:${user}@${CORE_HOST}`;
}

function authorization(options: SipRequestOptions, challenge: string): string {
  const value = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const [realm, nonce] = [value('realm'), value('nonce')];
  const uri = uriOf(options.to);
  const ha1 = md5(`${options.username}:${realm}:${options.password}`);
  const response = md5(`${ha1}:${nonce}:00000001:c0ffee:auth:${md5(`${options.method}:${uri}`)}`);
  const fields = [
    `username="${options.username}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    'qop=auth, nc=00000001, cnonce="c0ffee", algorithm=MD5',
  ];
  return `Authorization: Digest ${fields.join(', ')}`;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
