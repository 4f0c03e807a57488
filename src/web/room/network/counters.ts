/** What the browser has counted of its connections, reduced to what says how the line is. */

/** One stream of packets since it began. */
export interface StreamCounters {
  readonly direction: 'up' | 'down';
  readonly packets: number;
  readonly lost: number;
  /** Time in which a picture stood still. */
  readonly frozenMs: number;
}

export interface Counters {
  readonly atMs: number;
  readonly streams: ReadonlyMap<string, StreamCounters>;
  /** Undefined until it was measured. */
  readonly roundTripMs: number | undefined;
  /** What the browser believes that it may send. */
  readonly availableUpBps: number | undefined;
}

/** The entries of one connection's `getStats`, W3C webrtc-stats §8. */
export interface ConnectionStats {
  readonly name: string;
  readonly entries: readonly Readonly<Record<string, unknown>>[];
}

export function countersOf(connections: readonly ConnectionStats[], atMs: number): Counters {
  const streams = new Map<string, StreamCounters>();
  const pairs = connections.flatMap(({ entries }) => entries.filter(isUsedPair));
  for (const { name, entries } of connections) {
    for (const [id, stream] of streamsOf(entries)) streams.set(`${name}/${id}`, stream);
  }
  return {
    atMs,
    streams,
    roundTripMs: largest(pairs, 'currentRoundTripTime', 1000),
    availableUpBps: largest(pairs, 'availableOutgoingBitrate', 1),
  };
}

/** What has come so far on each m-line. */
export function packetsByMid({ entries }: ConnectionStats): ReadonlyMap<string, number> {
  const incoming = entries.filter(({ type }) => type === 'inbound-rtp');
  return new Map(incoming.map(entry => [String(entry.mid), number(entry.packetsReceived)]));
}

function streamsOf(entries: ConnectionStats['entries']): [string, StreamCounters][] {
  return entries.flatMap((entry): [string, StreamCounters][] => {
    const id = String(entry.id);
    if (entry.type === 'inbound-rtp') {
      const packets = number(entry.packetsReceived);
      const frozenMs = number(entry.totalFreezesDuration) * 1000;
      return [[id, { direction: 'down', packets, lost: number(entry.packetsLost), frozenMs }]];
    }
    if (entry.type !== 'outbound-rtp') return [];
    const report = entries.find(
      ({ type, localId }) => type === 'remote-inbound-rtp' && localId === id,
    );
    const packets = number(entry.packetsSent);
    return [[id, { direction: 'up', packets, lost: number(report?.packetsLost), frozenMs: 0 }]];
  });
}

function isUsedPair({ type, nominated, state }: Readonly<Record<string, unknown>>): boolean {
  return type === 'candidate-pair' && nominated === true && state === 'succeeded';
}

function largest(
  entries: ConnectionStats['entries'],
  field: string,
  factor: number,
): number | undefined {
  const known = entries.map(entry => entry[field]).filter(value => typeof value === 'number');
  return known.length === 0 ? undefined : Math.max(...known) * factor;
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
