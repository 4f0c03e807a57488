/** Session timers: what is asked, agreed and answered; pure. RFC 4028. */
import { headerList, headerOf, type SipRequest, type SipResponse } from '../message/message.ts';
import type { HeaderLine } from '../message/serialize.ts';
import { parseSessionExpires } from '../message/session-expires.ts';

/** How long a session lives without a refresh, and whose the refresh is. */
export interface SessionTerms {
  readonly intervalSec: number;
  readonly weRefresh: boolean;
}

/** Nobody may ask for less; RFC 4028 §4. */
export const MIN_INTERVAL_SEC = 90;
export const MIN_SE: HeaderLine = ['Min-SE', String(MIN_INTERVAL_SEC)];

export interface AnsweredTerms {
  readonly terms: SessionTerms;
  readonly headers: readonly HeaderLine[];
}

/** Whether the message names this option in Supported or Require. */
export function supports(message: Pick<SipRequest, 'headers'>, option: string): boolean {
  return [...headerList(message, 'supported'), ...headerList(message, 'require')].some(
    name => name.toLowerCase() === option,
  );
}

/** Whether the request is to be refused with 422: too short, by a peer that understands that; §9. */
export function isTooShort(request: SipRequest): boolean {
  if (request.method !== 'INVITE' && request.method !== 'UPDATE') return false;
  const asked = parseSessionExpires(headerOf(request, 'session-expires'));
  return asked !== undefined && asked.seconds < MIN_INTERVAL_SEC && supports(request, 'timer');
}

/**
 * What our 2xx agrees to, and its headers; undefined when the session does not expire. §9.
 *
 * @param given Session-Expires of the application, which goes first
 * @param current terms that hold in the dialog so far
 */
export function answerTerms(
  request: SipRequest,
  given: string | undefined,
  current: SessionTerms | undefined,
): AnsweredTerms | undefined {
  const knowsTimer = supports(request, 'timer');
  const asked = parseSessionExpires(headerOf(request, 'session-expires'));
  const own = parseSessionExpires(given);
  const kept =
    knowsTimer && current ? { seconds: current.intervalSec, refresher: undefined } : undefined;
  const chosen = own ?? asked ?? kept;
  if (!chosen || chosen.seconds < MIN_INTERVAL_SEC) return undefined;
  const named = own?.refresher ?? asked?.refresher ?? refresherOf(current);
  const refresher = knowsTimer ? (named ?? 'uac') : 'uas';
  const headers: HeaderLine[] = [['Session-Expires', `${chosen.seconds};refresher=${refresher}`]];
  if (refresher === 'uac') headers.push(['Require', 'timer']);
  return { terms: { intervalSec: chosen.seconds, weRefresh: refresher === 'uas' }, headers };
}

/** What the peer's 2xx to a request of ours agrees to; undefined when the session does not expire. §7.2. */
export function agreedTerms(response: SipResponse): SessionTerms | undefined {
  const agreed = parseSessionExpires(headerOf(response, 'session-expires'));
  if (!agreed) return undefined;
  const intervalSec = Math.max(agreed.seconds, MIN_INTERVAL_SEC);
  return { intervalSec, weRefresh: agreed.refresher !== 'uas' };
}

/** Headers of a request of ours that refreshes the session under the terms that hold; §7.4. */
export function refreshHeaders({ intervalSec, weRefresh }: SessionTerms): HeaderLine[] {
  return [
    ['Session-Expires', `${intervalSec};refresher=${weRefresh ? 'uac' : 'uas'}`],
    MIN_SE,
    ['Supported', 'timer'],
  ];
}

/** The one who refreshes keeps doing so: in the peer's request we are the server. */
function refresherOf(terms: SessionTerms | undefined): 'uac' | 'uas' | undefined {
  if (!terms) return undefined;
  return terms.weRefresh ? 'uas' : 'uac';
}
