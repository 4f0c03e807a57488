import SipMessage from 'drachtio-srf/lib/sip-parser/message';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TORTURE } from '../../fixtures/sip/torture.ts';
import { CoreBench } from './core-bench.ts';

let bench: CoreBench;
beforeEach(() => {
  vi.useFakeTimers();
  bench = new CoreBench();
});
afterEach(() => {
  bench.close();
  vi.useRealTimers();
});

/** What the application got, as it came. */
function delivered(): string[] {
  const frames = bench.socket.frames.filter(frame => frame.includes('|sip|'));
  return frames.map(frame => frame.slice(frame.indexOf('\r\n') + 2));
}

/** What the device got, apart from 100. */
function answers(): string[] {
  return bench.flow.sent.filter(text => !text.startsWith('SIP/2.0 100 '));
}

describe('RFC 4475 and 5118', () => {
  test.each(TORTURE.map(message => [`${message.section}: ${message.name}`, message] as const))(
    '%s',
    (_what, { data, outcome }) => {
      bench.core.receive(data, bench.flow);
      if (outcome === 'dropped') expect([...delivered(), ...bench.flow.sent]).toEqual([]);
      else if ('status' in outcome) {
        expect(delivered()).toEqual([]);
        expect(answers()).toHaveLength(1);
        expect(answers()[0]).toMatch(new RegExp(`^SIP/2\\.0 ${outcome.status} `));
        if (outcome.says) expect(answers()[0]).toMatch(outcome.says);
      } else {
        expect(answers()).toEqual([]);
        expect(delivered()).toHaveLength(1);
        expect(delivered()[0]).toMatch(outcome.delivered);
        // An application that cannot read it would never answer.
        expect(() => new SipMessage(delivered()[0])).not.toThrow();
      }
    },
  );

  test('what is delivered is answered where it came from', () => {
    for (const { data, outcome } of TORTURE) {
      if (outcome === 'dropped' || 'status' in outcome) continue;
      const single = new CoreBench();
      single.core.receive(data, single.flow);
      const method = data.toString('latin1').split(' ')[0] ?? '';
      single.answer(method, 486);
      expect(single.statuses().at(-1)).toBe('SIP/2.0 486 Said');
      single.close();
    }
  });
});

test('two requests whose branch is only the cookie are two requests', () => {
  const badBranch = (callId: string) =>
    Buffer.from(
      [
        'OPTIONS sip:user@example.vn SIP/2.0',
        'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK',
        'From: <sip:caller@example.vn>;tag=1',
        'To: <sip:hall@example.vn>',
        `Call-ID: ${callId}`,
        'CSeq: 1 OPTIONS',
        '',
        '',
      ].join('\r\n'),
    );
  bench.core.receive(badBranch('one'), bench.flow);
  bench.core.receive(badBranch('two'), bench.flow);
  bench.core.receive(badBranch('two'), bench.flow);
  expect(delivered()).toHaveLength(2);
});
