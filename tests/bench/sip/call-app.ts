/**
 * The smallest application that answers calls, for what the SIP server itself
 * costs: `node call-app.ts <host> <port> <secret>`.
 */
import Srf, { type SrfRequest, type SrfResponse } from 'drachtio-srf';

const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 4002 RTP/AVP 8',
  'm=video 4004 RTP/AVP 109',
  'a=rtpmap:109 H264/90000',
  '',
].join('\r\n');

interface CallApp extends NodeJS.EventEmitter {
  invite(handler: (req: SrfRequest, res: SrfResponse) => void): void;
  createUAS(req: SrfRequest, res: SrfResponse, options: object): Promise<unknown>;
}

const [host = '', port = '', secret = ''] = process.argv.slice(2);
const srf = new Srf();
const app = srf as unknown as CallApp;
app.invite((req, res) => {
  // A caller that is gone before the answer is sipp's failure to count.
  app.createUAS(req, res, { localSdp: SDP }).catch(() => undefined);
});
app.on('connect', () => process.send?.('connected'));
app.on('error', () => undefined);
process.on('disconnect', () => process.exit(0));
await srf.connect({ host, port: Number(port), secret });
