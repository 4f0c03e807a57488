/** Responses the agent gives by itself, and what those of the application copy from their request. */
import { tagIn } from './message/address.ts';
import { headerList, headerOf, type SipRequest } from './message/message.ts';
import { type HeaderLine, newTag, serialize } from './message/serialize.ts';
import { completeVia } from './message/via.ts';
import { type Flow, peerOf } from './transport/flow.ts';

/** Reason phrases of what the agent says itself; RFC 3261 §21. */
export const REASONS: Record<number, string> = {
  100: 'Trying',
  200: 'OK',
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  416: 'Unsupported URI Scheme',
  422: 'Session Interval Too Small',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  487: 'Request Terminated',
  491: 'Request Pending',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
  504: 'Server Time-out',
  505: 'Version Not Supported',
};

/** Headers that every response copies from its request; RFC 3261 §8.2.6.2. */
export function copiedHeaders(
  request: SipRequest,
  flow: Flow,
  toTag: string | undefined,
): HeaderLine[] {
  const vias = headerList(request, 'via').map((via, index) =>
    index === 0 ? completeVia(via, peerOf(flow), { always: false }) : via,
  );
  const to = headerOf(request, 'to') ?? '';
  return [
    ...vias.map(via => ['Via', via] as const),
    ['From', headerOf(request, 'from') ?? ''],
    ['To', toTag === undefined || tagIn(request, 'to') !== undefined ? to : `${to};tag=${toTag}`],
    ['Call-ID', headerOf(request, 'call-id') ?? ''],
    ['CSeq', headerOf(request, 'cseq') ?? ''],
  ];
}

/** A whole response without a body; a fresh To tag stands in all but 100 where none is given. */
export function ownResponse(
  request: SipRequest,
  flow: Flow,
  status: number,
  options: { readonly toTag?: string; readonly headers?: readonly HeaderLine[] } = {},
): Buffer {
  const startLine = `SIP/2.0 ${status} ${REASONS[status] ?? ''}`.trimEnd();
  const toTag = status === 100 ? undefined : (options.toTag ?? newTag());
  const headers = [...copiedHeaders(request, flow, toTag), ...(options.headers ?? [])];
  return serialize(startLine, headers, Buffer.alloc(0));
}
