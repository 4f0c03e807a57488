import { beforeEach, expect, it } from 'vitest';
import { DialOut } from '../../../src/calls/dial-out.ts';
import type { OutgoingCall } from '../../../src/calls/outbound-call.ts';
import type { CallTarget } from '../../../src/calls/ports.ts';
import type { CallId, ConferenceId, EndpointId, SiteId } from '../../../src/domain/ids.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';

const conferenceId = 'c1' as ConferenceId;
const endpointId = 'e1' as EndpointId;
const siteId = 's1' as SiteId;

let store: MemoryStore;
let target: CallTarget | undefined;
let made: OutgoingCall[];
let dialOut: DialOut;

beforeEach(async () => {
  store = new MemoryStore();
  target = { uri: 'sip:10.1.0.7', siteNetworks: [] };
  made = [];
  const ha1 = { md5: '', sha256: undefined };
  const endpoint = { id: endpointId, siteId, sipUsername: 'xa-1', ha1, fixedAddresses: [] };
  await store.insertSite({ id: siteId, name: 'Xã', endpoints: [endpoint] });
  const words = { name: 'Giao ban', number: '1001', alias: 'giao-ban' };
  await store.insertConference({ id: conferenceId, ...words, members: [], layout: 'auto' });
  dialOut = new DialOut({
    sites: store,
    conferenceStore: store,
    targetOf: () => target,
    run: async outgoing => {
      made.push(outgoing);
      return { callId: 'k1' as CallId, reason: 'peer-hangup', wasAnswered: true };
    },
  });
});

const call = (wish = {}) =>
  dialOut.call({
    conferenceId,
    endpointId,
    stop: new AbortController().signal,
    onProgress: () => undefined,
    ...wish,
  });

it('calls an endpoint of a site into a conference, both by their ids', async () => {
  expect(await call()).toMatchObject({ reason: 'peer-hangup' });
  expect(made).toMatchObject([
    {
      site: { name: 'Xã' },
      endpoint: { sipUsername: 'xa-1' },
      conference: { number: '1001' },
      target,
    },
  ]);
});

it.each([
  ['conference', { conferenceId: 'c2' }, 'conference-not-found'],
  ['endpoint', { endpointId: 'e2' }, 'not-found'],
])('says that there is no such %s', async (_, wish, code) => {
  await expect(call(wish)).rejects.toMatchObject({ code });
  expect(made).toEqual([]);
});

it('says what to do where nothing is known of an address', async () => {
  target = undefined;
  await expect(call()).rejects.toMatchObject({
    code: 'peer-address-missing',
    message: expect.stringMatching(/dial address/),
  });
});
