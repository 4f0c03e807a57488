import type { ChairRequest, ChairView, WaitReason } from '../../contract/chair.ts';
import type { ChatLine } from '../../contract/chat.ts';
import type { ContentFloorView } from '../../contract/content-floor.ts';
import { type BrowserRequest, GatewayMessage } from '../../contract/events.ts';
import type { RollCallView } from '../../contract/records.ts';
import type { ParticipantView } from '../../contract/rest.ts';
import type { SpeakingOrderView } from '../../contract/speaking-order.ts';
import { socketUrl } from './api.ts';

export type EndedReason = Extract<GatewayMessage, { type: 'ended' }>['reason'];

export type Notice = Omit<Extract<GatewayMessage, { type: 'notice' }>, 'type'>;

export interface EventsListener {
  readonly onRoster: (participants: readonly ParticipantView[]) => void;
  readonly onEnded: (reason: EndedReason) => void;
  /** What whoever runs the meeting has done. */
  readonly onNotice: (notice: Notice) => void;
  readonly onOrder: (order: SpeakingOrderView) => void;
  /** New lines; after a connection that was lost, all of them. */
  readonly onChat: (lines: readonly ChatLine[]) => void;
  /** Who shares a screen and who asks to. */
  readonly onContentFloor: (floor: ContentFloorView) => void;
  readonly onChair: (chair: ChairView) => void;
  readonly onRoll: (roll: RollCallView) => void;
  /** With what a chair fetches the record. */
  readonly onRecord: (ticket: string) => void;
  readonly onWaiting: (reason: WaitReason) => void;
  readonly onAdmitted: () => void;
  /** The socket closed without a word. */
  readonly onLost: () => void;
}

/** A chair's act that was refused; the code is one of the error table. */
export class ActError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const ACT_TIMEOUT_MS = 10_000;

/** The `/events` socket: what happens in the meeting in, what this person does out. */
export class Events {
  readonly #socket: WebSocket;
  readonly #listener: EventsListener;
  readonly #acts = new Map<string, (error: string | undefined) => void>();
  #finished = false;
  #acted = 0;

  constructor(token: string, listener: EventsListener) {
    this.#listener = listener;
    this.#socket = new WebSocket(socketUrl('/events'));
    this.#socket.onopen = () => this.#send({ type: 'hello', token });
    this.#socket.onclose = () => {
      this.#giveUpActs();
      if (!this.#finished) listener.onLost();
    };
    this.#socket.onmessage = ({ data }) =>
      this.#heard(GatewayMessage.parse(JSON.parse(String(data))));
  }

  setMuted(muted: boolean): void {
    this.#send({ type: 'muted', muted });
  }

  raiseHand(raised: boolean): void {
    this.#send({ type: 'hand', raised });
  }

  /** False when it is not open. */
  write(text: string): boolean {
    return this.#send({ type: 'chat', text });
  }

  /** Asks to share while somebody else does, or does not any longer. */
  requestContent(wanted: boolean): void {
    this.#send({ type: 'content-request', wanted });
  }

  /** Shares on, whoever asked to share instead. */
  denyContent(): void {
    this.#send({ type: 'content-deny' });
  }

  /** Does something as a chair. @throws ActError */
  act(act: ChairRequest): Promise<void> {
    const id = String(++this.#acted);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#acts.get(id)?.('network'), ACT_TIMEOUT_MS);
      this.#acts.set(id, error => {
        clearTimeout(timer);
        this.#acts.delete(id);
        if (error === undefined) resolve();
        else reject(new ActError(error));
      });
      if (!this.#send({ type: 'act', id, act })) this.#acts.get(id)?.('network');
    });
  }

  close(): void {
    this.#finished = true;
    this.#socket.close();
  }

  #heard(message: GatewayMessage): void {
    const listener = this.#listener;
    switch (message.type) {
      case 'roster':
        return listener.onRoster(message.participants);
      case 'notice':
        return listener.onNotice(message);
      case 'order':
        return listener.onOrder(message.order);
      case 'chat':
        return listener.onChat(message.lines);
      case 'content':
        return listener.onContentFloor(message.content);
      case 'chair':
        return listener.onChair(message.chair);
      case 'roll':
        return listener.onRoll(message.roll);
      case 'record':
        return listener.onRecord(message.ticket);
      case 'acted':
        return this.#acts.get(message.id)?.(message.error);
      case 'waiting':
        return listener.onWaiting(message.reason);
      case 'admitted':
        this.#finished = true;
        return listener.onAdmitted();
      case 'ended':
        this.#finished = true;
        return listener.onEnded(message.reason);
    }
  }

  #giveUpActs(): void {
    for (const settle of [...this.#acts.values()]) settle('network');
  }

  #send(message: BrowserRequest): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }
}
