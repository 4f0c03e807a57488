/** A process of its own for the benchmark: 150 sites with a live state and a meeting that runs. */

import type { Seat } from '../../../src/conferences/seat.ts';
import type { CallId, ConferenceId, EndpointId, SiteId } from '../../../src/domain/ids.ts';
import { hasAccount } from '../../../src/domain/site.ts';
import { makeSeed } from '../../../src/seed/district.ts';
import { fill } from '../../../src/seed/fill.ts';
import { computeHa1 } from '../../../src/sip/digest.ts';
import { OFFICE_TOKEN, openOffice } from '../../support/office.ts';
import { epochMs, type FromServer, type ToServer } from './messages.ts';

const SITES = 150;
const HALLS = 24;

const office = await openOffice();
const { store, people, registrar, presence, calls, live } = office;
const password = () => 'a password of nobody';
const ha1 = (user: string, word: string) => computeHa1(user, 'diemcau', word);
await fill(makeSeed(SITES, '2026-11-26', password), {
  store,
  users: people.users,
  computeHa1: ha1,
  password,
});

const sites = await store.listSites();
for (const { endpoints } of sites)
  for (const endpoint of endpoints) {
    const { id, sipUsername } = endpoint;
    presence.probed(id, { kind: 'answered', roundTripMs: 12 });
    if (!hasAccount(endpoint)) continue;
    await registrar.register({
      sipUsername,
      contacts: [{ uri: `sip:${sipUsername}@10.20.0.1` }],
      expiresSec: 3600,
      sipCallId: sipUsername,
      cseq: 1,
      sourceAddr: '10.20.0.1:5060',
      sipTransport: 'udp',
      userAgent: 'Codec/1.2.3',
    });
  }

const [conference] = await store.listConferences();
if (!conference) throw new Error('no conference');
const seats: Seat[] = [];
for (const site of sites.slice(0, HALLS)) {
  const who = { kind: 'endpoint', name: site.name, siteId: site.id } as const;
  const seat = await live.enter(conference, who, AbortSignal.timeout(5_000));
  seat.update({ hasAudio: true, hasVideo: true });
  seats.push(seat);
  calls.add({
    callId: `call-${site.id}` as CallId,
    direction: 'in',
    siteId: site.id as SiteId,
    endpointId: site.endpoints[0]?.id as EndpointId,
    siteName: site.name,
    conferenceId: conference.id as ConferenceId,
    participantId: seat.participantId,
    state: 'connected',
    startedAtMs: Date.now(),
    sipTransport: 'udp',
    remoteAddr: '10.20.0.1:5060',
    userAgent: 'Codec/1.2.3',
  });
}

const muted = new Set<Seat>();
process.on('message', (message: ToServer) => {
  if (message.type !== 'change') return;
  const seat = seats[message.n % seats.length];
  if (!seat) return;
  const isMuted = !muted.delete(seat);
  if (isMuted) muted.add(seat);
  seat.update({ muted: isMuted });
  tell({ type: 'changed', atMs: epochMs() });
});
tell({
  type: 'ready',
  url: office.url,
  wsUrl: office.wsUrl,
  token: OFFICE_TOKEN,
  conferenceId: conference.id,
});

function tell(message: FromServer): void {
  process.send?.(message);
}
