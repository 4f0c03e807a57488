import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SipAgentStats } from '../../../../src/sip-agent/index.ts';
import { Bench } from '../support/bench.ts';
import { Caller } from '../support/caller.ts';
import { SDP } from '../support/raw-message.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { FOREIGN_SERVER } from '../support/server.ts';

const NOTHING: SipAgentStats = {
  serverTransactions: 0,
  clientTransactions: 0,
  pendingRequests: 0,
  unacknowledged: 0,
  dialogs: 0,
  tcpConnections: 0,
  registeredFlows: 0,
  pendingFrames: 0,
};

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.close());

/** One whole call, hung up by the one side or the other. */
async function oneCall(peer: RawPeer, hungUpByDevice: boolean): Promise<void> {
  const headers = { 'X-Hang-Up': hungUpByDevice ? 'device' : 'application' };
  const caller = new Caller(peer, bench.port);
  await caller.dial({ headers });
  if (hungUpByDevice) await caller.hangUp();
  else caller.answer(await caller.incoming('BYE'), 200);
}

describe.skipIf(FOREIGN_SERVER)('the embedded agent', () => {
  test('nothing is left of 300 calls', { timeout: 90_000 }, async () => {
    const ended: Promise<unknown>[] = [];
    const app = await bench.app({
      invite: async (req, res) => {
        const dialog = await app.createUAS(req, res, { localSdp: SDP });
        const isOurs = req.get('X-Hang-Up') === 'application';
        ended.push(isOurs ? dialog.destroy() : once(dialog, 'destroy'));
      },
    });
    const peers = [await bench.udp(), await bench.udp(), await bench.tcp()];
    for (let round = 0; round < 10; round++)
      await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          oneCall(peers[index % peers.length] as RawPeer, index % 2 === 0),
        ),
      );
    await Promise.all(ended);
    expect(ended).toHaveLength(300);
    // Timers J, K, L and M: transactions remember what they answered for 32 s.
    await bench.holds({ ...NOTHING, tcpConnections: 1 }, 45_000);
  });
});
