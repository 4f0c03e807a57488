import { createSocket, type Socket } from 'node:dgram';
import {
  authorizationLine,
  type Credentials,
  headerValue,
  newToken,
  readMessage,
  type SipMessage,
  writeMessage,
} from './sip-wire.ts';

export interface PhoneOptions extends Credentials {
  /** Where the phone itself is; it takes any free port. */
  readonly host: string;
  readonly server: { readonly host: string; readonly port: number };
}

/** A call that was answered; the phone sent the ACK. */
export interface AnsweredCall {
  readonly answerSdp: string;
  /** When the first INVITE went out, as `Date.now()`. */
  readonly inviteAtMs: number;
  /** From the first INVITE to the 200, a challenge in between counted in. */
  readonly inviteToAnswerMs: number;
}

interface Dialog {
  readonly callId: string;
  readonly uri: string;
  readonly fromLine: string;
  toLine: string;
  target: string;
  seq: number;
}

const T1_MS = 500;
const RETRANSMISSIONS = 6;

/** A light SIP phone over UDP for measuring: one call at a time, no media of its own. */
export class SipPhone {
  readonly #options: PhoneOptions;
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (message: SipMessage) => void>();
  readonly #registration: Dialog;
  #dialog: Dialog | undefined;
  #ack: Buffer | undefined;
  /** Called when the other side hangs up. */
  onHungUp: () => void = () => undefined;
  /** Called when the other side asks for a key frame by INFO; RFC 5168. */
  onPictureFastUpdate: () => void = () => undefined;
  /** Gives the answer to an offer of the other side in the call; the status of a refusal without one. */
  onReoffer: (offerSdp: string) => string | number = () => 488;

  private constructor(options: PhoneOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
    this.#registration = this.#newDialog(`sip:${options.server.host}`, options.username);
    socket.on('message', data => this.#receive(data));
  }

  /** The caller closes it. */
  static async open(options: PhoneOptions): Promise<SipPhone> {
    const socket = createSocket('udp4');
    await new Promise<void>(resolve => socket.bind(0, options.host, resolve));
    return new SipPhone(options, socket);
  }

  /** @throws Error unless the registrar says 200 */
  async register(expiresSec = 600): Promise<void> {
    const reply = await this.#authenticated('REGISTER', this.#registration, [
      `Contact: ${this.#contact()};expires=${expiresSec}`,
    ]);
    if (reply.status !== 200) throw new Error(`REGISTER: ${reply.status}`);
  }

  /** Dials, the bare host when `number` is empty, and, when answered, acknowledges. @throws Error with the status of a refusal */
  async call(number: string, offerSdp: string): Promise<AnsweredCall> {
    const { reply, ...times } = await this.#dial(number, offerSdp);
    this.#acknowledge();
    return { answerSdp: reply.body, ...times };
  }

  /**
   * Dials without SDP; the answer to the offer in the 200 goes out with the ACK.
   *
   * @returns the offer
   */
  async callWithoutOffer(number: string, answer: (offerSdp: string) => string): Promise<string> {
    const { reply } = await this.#dial(number, '');
    this.#acknowledge(answer(reply.body));
    return reply.body;
  }

  /** Sends INFO in the call. @throws Error unless the server says 200 */
  async info(contentType: string, body: string): Promise<void> {
    const dialog = this.#dialog;
    if (!dialog) throw new Error('no call');
    dialog.seq += 1;
    const reply = await this.#exchange('INFO', dialog, [`Content-Type: ${contentType}`], body);
    if (reply.status !== 200) throw new Error(`INFO: ${reply.status}`);
  }

  /** Offers anew in the call; gives the answer. @throws Error with the status of a refusal */
  async reinvite(offerSdp: string): Promise<string> {
    const dialog = this.#dialog;
    if (!dialog) throw new Error('no call');
    dialog.seq += 1;
    const lines = [`Contact: ${this.#contact()}`];
    const reply = await this.#exchange('INVITE', dialog, lines, offerSdp);
    if (reply.status !== 200) throw new Error(`re-INVITE: ${reply.status}`);
    this.#acknowledge();
    return reply.body;
  }

  /** Asks for an offer in the call, and answers it in the ACK; gives the offer. */
  async reinviteWithoutOffer(answer: (offerSdp: string) => string): Promise<string> {
    const dialog = this.#dialog;
    if (!dialog) throw new Error('no call');
    dialog.seq += 1;
    const reply = await this.#exchange('INVITE', dialog, [`Contact: ${this.#contact()}`]);
    if (reply.status !== 200) throw new Error(`re-INVITE: ${reply.status}`);
    this.#acknowledge(answer(reply.body));
    return reply.body;
  }

  /** Ends the call; nothing to do when there is none. @throws Error unless the server says 200 */
  async hangUp(): Promise<void> {
    const dialog = this.#dialog;
    this.#dialog = undefined;
    if (!dialog) return;
    dialog.seq += 1;
    const reply = await this.#exchange('BYE', dialog, []);
    if (reply.status !== 200) throw new Error(`BYE: ${reply.status}`);
  }

  close(): void {
    this.#socket.close();
  }

  async #dial(number: string, offerSdp: string) {
    const { host } = this.#options.server;
    const dialog = this.#newDialog(number ? `sip:${number}@${host}` : `sip:${host}`, number);
    const inviteAtMs = Date.now();
    const startedAt = performance.now();
    const lines = [`Contact: ${this.#contact()}`, 'Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO'];
    const reply = await this.#authenticated('INVITE', dialog, lines, offerSdp);
    const inviteToAnswerMs = performance.now() - startedAt;
    if (reply.status !== 200) throw new Error(`INVITE: ${reply.status}`);
    dialog.target = /<([^>]+)>/.exec(headerValue(reply.lines, 'contact') ?? '')?.[1] ?? dialog.uri;
    this.#dialog = dialog;
    return { reply, inviteAtMs, inviteToAnswerMs };
  }

  #acknowledge(body = ''): void {
    if (!this.#dialog) return;
    this.#ack = this.#request('ACK', this.#dialog, newToken(), [], body);
    this.#send(this.#ack);
  }

  /** A request outside or at the start of a dialog; a challenge is answered once. */
  async #authenticated(
    method: string,
    dialog: Dialog,
    lines: readonly string[],
    body = '',
  ): Promise<SipMessage> {
    dialog.seq += 1;
    const first = await this.#exchange(method, dialog, lines, body);
    const challenge = headerValue(first.lines, 'www-authenticate');
    if (first.status !== 401 || !challenge) return first;
    dialog.seq += 1;
    const authorization = authorizationLine(challenge, this.#options, method, dialog.uri);
    return this.#exchange(method, dialog, [...lines, authorization], body);
  }

  /** Sends until a final response comes; RFC 3261 §17.1, timers A and E. */
  async #exchange(
    method: string,
    dialog: Dialog,
    lines: readonly string[],
    body = '',
  ): Promise<SipMessage> {
    const branch = newToken();
    const data = this.#request(method, dialog, branch, lines, body);
    const reply = await this.#untilFinal(`${dialog.callId} ${dialog.seq} ${method}`, data);
    const toLine = `To: ${headerValue(reply.lines, 'to')}`;
    const isRefused = (reply.status ?? 0) >= 300;
    // A refusal makes no dialog: its tag is for the ACK only, RFC 3261 §17.1.1.3.
    if (method === 'INVITE' && isRefused)
      this.#send(this.#request('ACK', { ...dialog, toLine }, branch, []));
    else if (method === 'INVITE') dialog.toLine = toLine;
    return reply;
  }

  #untilFinal(key: string, data: Buffer): Promise<SipMessage> {
    return new Promise((resolve, reject) => {
      let sent = 0;
      let timer: NodeJS.Timeout;
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(key);
      };
      const send = () => {
        if (sent > RETRANSMISSIONS) {
          done();
          reject(new Error(`no reply to ${key}`));
          return;
        }
        this.#send(data);
        timer = setTimeout(send, T1_MS * 2 ** sent++);
      };
      this.#waiting.set(key, reply => {
        if ((reply.status ?? 0) < 200) clearTimeout(timer);
        else {
          done();
          resolve(reply);
        }
      });
      send();
    });
  }

  #receive(data: Buffer): void {
    const message = readMessage(data);
    if (message.status === undefined) this.#answer(message);
    else this.#settle(message);
  }

  #settle(reply: SipMessage): void {
    const callId = headerValue(reply.lines, 'call-id');
    const waiting = this.#waiting.get(`${callId} ${reply.seq} ${reply.method}`);
    if (waiting) waiting(reply);
    // A 200 that comes again has lost its ACK; RFC 3261 §13.2.2.4.
    else if (reply.method === 'INVITE' && reply.status === 200 && this.#ack) this.#send(this.#ack);
  }

  #answer(request: SipMessage): void {
    if (request.method === 'ACK') return;
    const copied = request.lines.filter(line => /^(via|from|to|call-id|cseq):/i.test(line));
    if (request.method === 'INVITE') return this.#answerReoffer(request, copied);
    this.#send(writeMessage('SIP/2.0 200 OK', copied));
    if (request.body.includes('picture_fast_update')) this.onPictureFastUpdate();
    if (request.method !== 'BYE' || !this.#dialog) return;
    this.#dialog = undefined;
    this.onHungUp();
  }

  #answerReoffer(request: SipMessage, copied: readonly string[]): void {
    const answer = this.onReoffer(request.body);
    if (typeof answer === 'number') return this.#send(writeMessage(`SIP/2.0 ${answer} No`, copied));
    const lines = [...copied, `Contact: ${this.#contact()}`];
    this.#send(writeMessage('SIP/2.0 200 OK', lines, answer));
  }

  #request(
    method: string,
    dialog: Dialog,
    branch: string,
    lines: readonly string[],
    body = '',
  ): Buffer {
    const { address, port } = this.#socket.address();
    const fixed = [
      `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${branch};rport`,
      'Max-Forwards: 70',
      dialog.fromLine,
      dialog.toLine,
      `Call-ID: ${dialog.callId}`,
      `CSeq: ${dialog.seq} ${method}`,
      'User-Agent: test phone',
    ];
    return writeMessage(`${method} ${dialog.target} SIP/2.0`, [...fixed, ...lines], body);
  }

  #newDialog(uri: string, toUser: string): Dialog {
    const { username, server } = this.#options;
    return {
      callId: newToken(),
      uri,
      target: uri,
      fromLine: `From: <sip:${username}@${server.host}>;tag=${newToken()}`,
      toLine: `To: <sip:${toUser}@${server.host}>`,
      seq: 0,
    };
  }

  #contact(): string {
    const { address, port } = this.#socket.address();
    return `<sip:${this.#options.username}@${address}:${port}>`;
  }

  #send(data: Buffer): void {
    const { host, port } = this.#options.server;
    this.#socket.send(data, port, host);
  }
}
