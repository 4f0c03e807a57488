import { describe, expect, test } from 'vitest';
import { Turn } from '../../src/config/turn.ts';
import { iceView } from '../../src/gateway-ice.ts';

const urls = ['turn:192.0.2.7'];
const NOW_MS = 1_700_000_000_500;

describe('how a browser reaches the rooms', () => {
  test('straight, where no relay is set', () => {
    expect(iceView(undefined, 'p1', NOW_MS)).toEqual({ servers: [], relayOnly: false });
  });

  test('by a relay with a fixed name and password', () => {
    const turn = Turn.parse({ urls, username: 'diemcau', credential: 'x', relayOnly: true });
    expect(iceView(turn, 'p1', NOW_MS)).toEqual({
      servers: [{ urls, username: 'diemcau', credential: 'x' }],
      relayOnly: true,
    });
  });

  /** The password was made by `openssl dgst -sha1 -hmac`. */
  test('by a relay with a shared secret, under a name that says until when it is good', () => {
    const turn = Turn.parse({ urls, secret: 'shared-secret', ttlSec: 600 });
    expect(iceView(turn, 'p1', NOW_MS).servers).toEqual([
      { urls, username: '1700000600:p1', credential: 'I6jowcZf0u2Qm64dZWLe/Qj5pA0=' },
    ]);
  });
});
