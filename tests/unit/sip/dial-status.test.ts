import { expect, it } from 'vitest';
import { dialFailure } from '../../../src/sip/dial-status.ts';

const ROWS: [status: number, reasonHeader: string, hasRung: boolean, code: string][] = [
  [486, '', true, 'peer-busy'],
  [600, '', false, 'peer-busy'],
  [603, '', true, 'peer-declined'],
  [480, '', false, 'peer-unavailable'],
  [480, '', true, 'peer-no-answer'],
  [408, '', true, 'peer-no-answer'],
  [408, '', false, 'peer-unreachable'],
  [503, '', false, 'peer-unreachable'],
  [404, '', false, 'peer-not-found'],
  [488, '', false, 'peer-incompatible'],
  [606, '', false, 'peer-incompatible'],
  [401, '', false, 'peer-forbids'],
  [407, '', false, 'peer-forbids'],
  [403, '', false, 'peer-forbids'],
  [302, '', false, 'peer-moved'],
  [500, '', false, 'peer-failed'],
  [599, '', false, 'peer-failed'],
  [480, 'Q.850;cause=17;text="User busy"', false, 'peer-busy'],
  [486, 'Q.850 ; cause = 19', true, 'peer-no-answer'],
  [480, 'SIP;cause=200;text="Call completed elsewhere"', false, 'peer-unavailable'],
];

it.each(ROWS)('%i with Reason "%s", rung %s: %s', (status, reasonHeader, hasRung, code) => {
  const failure = dialFailure({ status, reason: 'Words' }, reasonHeader, hasRung);
  expect(failure).toMatchObject({ code, details: { status } });
});
