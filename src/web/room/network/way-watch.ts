/** The part of a browser's `RTCIceTransport` that is needed. */
export interface Ways {
  getSelectedCandidatePair(): {
    readonly local?: { readonly priority: number | null } | undefined;
  } | null;
  addEventListener(name: 'selectedcandidatepairchange', listener: () => void): void;
}

/**
 * Tells when the browser goes over to a way of lower priority, as it does when a firewall closes the
 * better one, at once and without a state that would say so. The room server hears it there, but answers
 * on the old way: its ICE takes another only for a better one, or from the beginning (RFC 8445 §9).
 * Listens for as long as the transport lives.
 */
export function watchWays(ways: Ways, onWorse: () => void): void {
  const priority = () => ways.getSelectedCandidatePair()?.local?.priority ?? undefined;
  let before = priority();
  ways.addEventListener('selectedcandidatepairchange', () => {
    const now = priority();
    const isWorse = now !== undefined && before !== undefined && now < before;
    before = now;
    if (isWorse) onWorse();
  });
}
