/** Messages within calls that stand; `{…}` are filled in by what our side has chosen. */

/** Names of what our side chooses, in the calls that `sip-rules.ts` sets up. */
export type Place =
  /** Our tag in a call that came in and was answered. */
  | 'in-tag'
  /** Our tag in one that rings reliably, and the number of that ringing. */
  | 'ring-tag'
  | 'ring-rseq'
  /** Of our INVITE that went out. */
  | 'out-branch'
  | 'out-call'
  | 'out-tag'
  | 'out-cseq';

const place = (name: Place) => `{${name}}`;

interface Dialog {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag?: string;
}

const ANSWERED: Dialog = { callId: 'answered', toTag: place('in-tag') };
const RINGING: Dialog = { callId: 'ringing', toTag: place('ring-tag') };
const OUTGOING: Dialog = { callId: place('out-call'), toTag: place('out-tag'), fromTag: 'peer' };

const SDP = 'v=0\r\no=- 1 1 IN IP4 192.0.2.2\r\ns=-\r\n';

function request(method: string, dialog: Dialog, extra: readonly string[] = [], body = ''): string {
  const { callId, toTag, fromTag = 'device' } = dialog;
  return [
    `${method} sip:room@192.0.2.1 SIP/2.0`,
    `Via: SIP/2.0/UDP 192.0.2.2:5060;rport;branch=z9hG4bKfuzz${method}`,
    `From: <sip:device@example.vn>;tag=${fromTag}`,
    `To: <sip:room@example.vn>;tag=${toTag}`,
    `Call-ID: ${callId}`,
    `CSeq: ${method === 'ACK' ? 1 : 2} ${method}`,
    'Contact: <sip:device@192.0.2.2>',
    ...extra,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

function response(status: number, extra: readonly string[] = []): string {
  return [
    `SIP/2.0 ${status} Said`,
    `Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=${place('out-branch')}`,
    `From: <sip:192.0.2.1:5060>;tag=${place('out-tag')}`,
    'To: <sip:device@192.0.2.2>;tag=peer',
    `Call-ID: ${place('out-call')}`,
    `CSeq: ${place('out-cseq')} INVITE`,
    'Contact: <sip:device@192.0.2.2>',
    ...extra,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

export const IN_CALL: readonly string[] = [
  request('ACK', ANSWERED),
  request('INVITE', ANSWERED, ['Session-Expires: 90;refresher=uac', 'Supported: timer'], SDP),
  request('UPDATE', ANSWERED, ['x: 1800', 'k: timer']),
  request('INFO', ANSWERED, ['c: application/dtmf-relay'], 'Signal=1\r\n'),
  request('BYE', ANSWERED, ['Reason: Q.850;cause=16']),
  request('PRACK', RINGING, [`RAck: ${place('ring-rseq')} 1 INVITE`]),
  request('UPDATE', RINGING, [], SDP),
  request('BYE', RINGING),
  request('CANCEL', { callId: 'ringing', toTag: '' }).replace(/^CSeq: 2/m, 'CSeq: 1'),
  request('BYE', OUTGOING),
  response(180),
  response(183, ['Require: 100rel', 'RSeq: 7', 'Record-Route: <sip:192.0.2.2;lr>']),
  response(200, [
    'Record-Route: <sip:192.0.2.2;lr>, <sip:b;lr>',
    'Session-Expires: 90',
    'Allow: UPDATE',
  ]),
  response(302, ['Contact: <sip:other@192.0.2.3>']),
  response(401, ['WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"']),
  response(487),
];
