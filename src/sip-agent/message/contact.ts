import { isRequestUri, parseAddress, withoutUriHeaders } from './address.ts';
import { headerList, type WithHeaders } from './message.ts';

/** Schemes a request of ours can go to; RFC 3261 §8.1.1.8. */
const REACHABLE = /^(?:sips?|tel):/i;

/** Where the sender is reached from now on: its first Contact; undefined when that leads nowhere. */
export function contactUri(message: WithHeaders): string | undefined {
  const [first = ''] = headerList(message, 'contact');
  const uri = withoutUriHeaders(parseAddress(first)?.uri ?? '');
  return REACHABLE.test(uri) && isRequestUri(uri) ? uri : undefined;
}
