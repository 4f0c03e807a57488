import { GatewayMessage } from '../../contract/events.ts';
import type { ParticipantView } from '../../contract/rest.ts';
import { socketUrl } from './api.ts';

export type EndedReason = Extract<GatewayMessage, { type: 'ended' }>['reason'];

export type Notice = Omit<Extract<GatewayMessage, { type: 'notice' }>, 'type'>;

export interface EventsListener {
  readonly onRoster: (participants: readonly ParticipantView[]) => void;
  readonly onEnded: (reason: EndedReason) => void;
  /** What whoever runs the meeting has done. */
  readonly onNotice: (notice: Notice) => void;
  /** The socket closed without a word. */
  readonly onLost: () => void;
}

/** The `/events` socket: rosters and notices in, our own microphone switch out. */
export class Events {
  readonly #socket: WebSocket;
  #finished = false;

  constructor(token: string, listener: EventsListener) {
    this.#socket = new WebSocket(socketUrl('/events'));
    this.#socket.onopen = () => this.#send({ type: 'hello', token });
    this.#socket.onclose = () => {
      if (!this.#finished) listener.onLost();
    };
    this.#socket.onmessage = ({ data }) => {
      const message = GatewayMessage.parse(JSON.parse(String(data)));
      if (message.type === 'roster') return listener.onRoster(message.participants);
      if (message.type === 'notice') return listener.onNotice(message);
      this.#finished = true;
      listener.onEnded(message.reason);
    };
  }

  setMuted(muted: boolean): void {
    this.#send({ type: 'muted', muted });
  }

  close(): void {
    this.#finished = true;
    this.#socket.close();
  }

  #send(message: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
