import { abortable } from '../util/abort.ts';
import { type JanusConnection, refused } from './janus-connection.ts';
import { type JanusFrame, type Jsep, pluginError } from './messages.ts';

export interface HandleListener {
  /** Something the plugin says on its own. */
  readonly onEvent?: (data: unknown) => void;
  /** The WebRTC side of it is gone, or Janus took the handle away. */
  readonly onGone?: () => void;
}

/** One attachment to a plugin. */
export class JanusHandle {
  readonly #connection: JanusConnection;
  readonly #id: number;
  #listener: HandleListener = {};
  /** Requests without an answer yet, also those whose caller gave up. */
  readonly #underWay = new Set<Promise<unknown>>();
  #detached: Promise<void> | undefined;

  constructor(connection: JanusConnection, id: number) {
    this.#connection = connection;
    this.#id = id;
  }

  listen(listener: HandleListener): void {
    this.#listener = listener;
  }

  /**
   * Sends a request to the plugin and gives its answer.
   *
   * @throws GatewayError `room-server-down`, `room-server-refused`
   */
  async send(
    body: object,
    signal: AbortSignal,
    jsep?: Jsep,
  ): Promise<{ data: unknown; jsep: Jsep | undefined }> {
    const frame = { janus: 'message', handle_id: this.#id, body, ...(jsep && { jsep }) };
    const reply = await abortable(this.#request(frame), signal);
    const data = reply.plugindata?.data;
    const error = pluginError(data);
    if (error) throw refused(error);
    return { data, jsep: reply.jsep };
  }

  /** Leaves whatever the handle was in. Safe to call twice and when Janus is gone. */
  detach(): Promise<void> {
    this.#detached ??= this.#detach();
    return this.#detached;
  }

  /** An event of the connection for this handle. */
  deliver(frame: JanusFrame): void {
    if (this.#detached) return;
    if (frame.janus === 'event') this.#listener.onEvent?.(frame.plugindata?.data);
    if (frame.janus === 'hangup' || frame.janus === 'detached') this.#listener.onGone?.();
  }

  #request(frame: object): Promise<JanusFrame> {
    const request = this.#connection.request(frame);
    const forget = () => void this.#underWay.delete(settled);
    const settled = request.then(forget, forget);
    this.#underWay.add(settled);
    return request;
  }

  /** Waits for a join that is under way: plugins take it up after the detach that follows it, and somebody nobody knows would stay. */
  async #detach(): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.#connection.closed.aborted) return;
    try {
      await this.#connection.request({ janus: 'detach', handle_id: this.#id });
    } catch (err) {
      if (!this.#connection.closed.aborted) throw err;
    } finally {
      this.#connection.forget(this.#id);
    }
  }
}
