import WebSocket from 'ws';

type Reply = Record<string, unknown>;

/** A second, bare client of Janus, so that a fault of ours cannot hide itself; the caller closes it. */
export class JanusProbe {
  readonly #socket: WebSocket;
  readonly #secret: string;
  #session: number | undefined;
  #next = 0;

  private constructor(socket: WebSocket, secret: string) {
    this.#socket = socket;
    this.#secret = secret;
  }

  static async open(port: number, secret: string): Promise<JanusProbe> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'janus-protocol');
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const probe = new JanusProbe(socket, secret);
    probe.#session = ((await probe.#request({ janus: 'create' })).data as { id: number }).id;
    return probe;
  }

  /** A new handle on a plugin. */
  async attach(plugin: 'audiobridge' | 'videoroom'): Promise<number> {
    const reply = await this.#request({ janus: 'attach', plugin: `janus.plugin.${plugin}` });
    return (reply.data as { id: number }).id;
  }

  /** What the plugin says to a request, its refusals included. */
  async ask(handle: number, body: object): Promise<Reply> {
    return (await this.message(handle, body)).data;
  }

  /** As `ask`, with an SDP of ours and of the plugin. */
  async message(
    handle: number,
    body: object,
    jsep?: { readonly type: string; readonly sdp: string },
  ): Promise<{ data: Reply; jsep: { sdp: string } | undefined }> {
    const frame = { janus: 'message', handle_id: handle, body, ...(jsep && { jsep }) };
    const reply = await this.#request(frame);
    const { data } = reply.plugindata as { data: Reply };
    return { data, jsep: reply.jsep as { sdp: string } | undefined };
  }

  /** Resolves with the next frame of that kind about a handle. */
  next(handle: number, kind: 'hangup'): Promise<Reply> {
    return this.#frame(frame => frame.janus === kind && frame.sender === handle);
  }

  async detach(handle: number): Promise<void> {
    await this.#request({ janus: 'detach', handle_id: handle });
  }

  close(): void {
    this.#socket.terminate();
  }

  #request(frame: object): Promise<Reply> {
    const transaction = `probe-${this.#next++}`;
    const session = this.#session === undefined ? {} : { session_id: this.#session };
    const reply = this.#frame(frame => frame.transaction === transaction && frame.janus !== 'ack');
    const message = { ...frame, ...session, transaction, apisecret: this.#secret };
    this.#socket.send(JSON.stringify(message));
    return reply;
  }

  #frame(fits: (frame: Reply) => boolean): Promise<Reply> {
    return new Promise(resolve => {
      const onMessage = (data: WebSocket.RawData) => {
        const frame = JSON.parse(String(data)) as Reply;
        if (!fits(frame)) return;
        this.#socket.off('message', onMessage);
        resolve(frame);
      };
      this.#socket.on('message', onMessage);
    });
  }
}
