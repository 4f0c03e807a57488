import type Srf from 'drachtio-srf';
import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import type { EndpointProbe, ProbeResult, ProbeTarget } from '../sites/ports.ts';

/** No answer within this is none; devices answer in milliseconds, poor lines in a second or two. */
const TIMEOUT_MS = 4_000;
/** The server's own words for: nothing came, nothing could be sent. */
const [TIMED_OUT, NOT_SENT] = [408, 503];

/** The library's types do not know that `request` takes a callback. */
type Ask = (
  uri: string,
  options: { method: string; headers: Record<string, string>; proxy?: string },
  callback: (err: Error | null, request: SrfRequest) => void,
) => void;

/** Asks endpoints by OPTIONS, RFC 3261 §11. Whatever a device answers, it is there. */
export function optionsProbe(
  srf: Srf,
  isConnected: () => boolean,
  now: () => number,
): EndpointProbe {
  return {
    probe: target =>
      new Promise<ProbeResult>(resolve => {
        if (!isConnected()) return resolve({ kind: 'not-asked' });
        const timer = setTimeout(() => resolve({ kind: 'no-answer' }), TIMEOUT_MS);
        const startedAtMs = now();
        const finish = (result: ProbeResult) => {
          clearTimeout(timer);
          resolve(result);
        };
        const ask = srf.request.bind(srf) as unknown as Ask;
        ask(target.uri, optionsFor(target), (err, request) => {
          if (err) return finish({ kind: 'connection-closed' });
          const events = request as unknown as NodeJS.EventEmitter;
          events.on('response', (response: SrfResponse) => {
            if (response.status >= 200) finish(resultOf(response.status, now() - startedAtMs));
          });
        });
      }),
  };
}

function optionsFor({ udpAddr }: ProbeTarget) {
  const headers = { Accept: 'application/sdp' };
  return { method: 'OPTIONS', headers, ...(udpAddr && { proxy: proxyUri(udpAddr) }) };
}

function resultOf(status: number, roundTripMs: number): ProbeResult {
  if (status === TIMED_OUT) return { kind: 'no-answer' };
  if (status === NOT_SENT) return { kind: 'connection-closed' };
  return { kind: 'answered', roundTripMs };
}

/** Where a packet goes instead of to its URI, from `host:port`: IPv6 in brackets, RFC 3261 §25.1. */
export function proxyUri(address: string): string {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at);
  const isBare = host.includes(':') && !host.startsWith('[');
  return `sip:${isBare ? `[${host}]${address.slice(at)}` : address}`;
}
