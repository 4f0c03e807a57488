import { expect, it } from 'vitest';
import { CallTally } from '../../../src/calls/call-tally.ts';

it('counts ends by code, direction and protocol, and knows who has to act', () => {
  const tally = new CallTally();
  const sip = { direction: 'in', protocol: 'sip' } as const;
  tally.ended('peer-hangup', sip);
  tally.ended('peer-hangup', sip);
  tally.ended('peer-hangup', { ...sip, direction: 'out' });
  tally.ended('media-relay-down', sip);
  tally.ended('no-common-codec', { ...sip, protocol: 'h323' });
  expect(tally.list()).toEqual([
    { ...sip, code: 'peer-hangup', blame: 'nobody', count: 2 },
    { ...sip, code: 'peer-hangup', blame: 'nobody', direction: 'out', count: 1 },
    { ...sip, code: 'media-relay-down', blame: 'upstream', count: 1 },
    { ...sip, code: 'no-common-codec', blame: 'client', protocol: 'h323', count: 1 },
  ]);
});
