/** Frames to an application, token by token; the layouts are the protocol's. */
import { randomUUID } from 'node:crypto';
import { type Flow, peerOf } from '../transport/flow.ts';
import { joinFrame, timeToken } from './framing.ts';

export type Verdict = 'OK' | 'NO' | 'NOK';

/** Answers a command. */
export function replyFrame(
  commandId: string,
  verdict: Verdict,
  more: readonly (string | number)[],
): Buffer {
  return joinFrame([randomUUID(), 'response', commandId, verdict, ...more]);
}

/** Confirms a request that was sent, with the message as it went on the wire. */
export function requestSentFrame(
  commandId: string,
  flow: Flow,
  transactionId: string,
  data: Buffer,
): Buffer {
  const { protocol, localHost, localPort } = flow;
  const sent = ['application', data.length, protocol, localHost, localPort, timeToken()];
  const start = [randomUUID(), 'response', commandId, 'OK'];
  return joinFrame([...start, ...sent, transactionId, 'Msg sent:', ''], data);
}

/** Confirms a response that was sent, likewise. */
export function responseSentFrame(
  commandId: string,
  flow: Flow,
  ids: { readonly transactionId: string; readonly dialogId: string },
  data: Buffer,
): Buffer {
  const { host, port } = peerOf(flow);
  const sent = ['application', data.length, flow.protocol, host, port, timeToken()];
  const start = [randomUUID(), 'response', commandId, 'OK'];
  const { transactionId, dialogId } = ids;
  return joinFrame([...start, ...sent, transactionId, dialogId, '', 'Msg sent:', ''], data);
}

/** Where a message for the application comes from. */
export interface Delivery {
  readonly source: 'network' | 'application';
  /** Size on the wire. */
  readonly bytes: number;
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
  readonly transactionId: string;
  readonly dialogId: string;
  /** Our own address, for new requests only. */
  readonly receivedOn?: { readonly host: string; readonly port: number };
}

/** Hands over a message from the network, or one made up in its name. */
export function deliveryFrame(message: Buffer, delivery: Delivery): Buffer {
  const { source, bytes, protocol, host, port, transactionId, dialogId, receivedOn } = delivery;
  const own = receivedOn ? [receivedOn.host, receivedOn.port, ''] : [''];
  const from = [source, bytes, protocol, host, port, timeToken()];
  return joinFrame([randomUUID(), 'sip', ...from, transactionId, dialogId, ...own], message);
}
