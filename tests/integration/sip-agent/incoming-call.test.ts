import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AppDialog, type AppRequest, Bench, later } from './support/bench.ts';
import { Caller } from './support/caller.ts';
import { skipFaultOfOriginal } from './support/differences.ts';
import { header, SDP, tagOf } from './support/raw-message.ts';
import type { RawPeer } from './support/raw-peer.ts';

let bench: Bench;
beforeEach(async context => {
  skipFaultOfOriginal(context);
  bench = await Bench.start();
});
afterEach(() => bench.close());

/** An application that answers each call, and the dialog of the next one. */
async function answering(): Promise<{ dialog: Promise<AppDialog>; request: Promise<AppRequest> }> {
  const dialog = later<AppDialog>();
  const request = later<AppRequest>();
  const app = await bench.app({
    invite: async (req, res) => {
      request.give(req);
      dialog.give(await app.createUAS(req, res, { localSdp: SDP }));
    },
  });
  return { dialog: dialog.value, request: request.value };
}

describe.each(['udp', 'tcp'] as const)('a call that comes in over %s', protocol => {
  const open = (): Promise<RawPeer> => (protocol === 'udp' ? bench.udp() : bench.tcp());

  test('is tried at once, answered by the application, and hung up by the caller', async () => {
    const { dialog, request } = await answering();
    const caller = new Caller(await open(), bench.port);
    const ok = await caller.dial();
    await caller.response('INVITE', 100);
    expect(header(ok, 'Contact')).toContain(`127.0.0.1:${bench.port}`);
    expect(header(ok, 'From')).toContain('Phòng họp');
    expect(ok.body.toString()).toBe(SDP);
    const { sip, remote } = await dialog;
    expect(sip.localTag).toBe(tagOf(header(ok, 'To')));
    expect(remote.sdp).toBe(SDP);
    const req = await request;
    expect(req).toMatchObject({ protocol, source_address: '127.0.0.1' });
    expect(Number(req.source_port)).toBe(caller.peer.port);
    expect(req.receivedOn).toBe(`127.0.0.1:${bench.port}`);
    const ended = once(await dialog, 'destroy');
    expect((await caller.hangUp()).status).toBe(200);
    await ended;
    await bench.holds({
      dialogs: 0,
      pendingRequests: 0,
      unacknowledged: 0,
    });
  });

  test('is hung up by the application', async () => {
    const { dialog } = await answering();
    const caller = new Caller(await open(), bench.port);
    await caller.dial();
    const destroyed = (await dialog).destroy();
    const bye = await caller.incoming('BYE');
    expect(bye.startLine).toContain(caller.contact.slice(1, -1));
    expect(header(bye, 'To')).toContain(caller.localTag);
    caller.answer(bye, 200);
    await destroyed;
    await bench.holds({ dialogs: 0 });
  });

  test('is cancelled before the application has answered', async () => {
    const cancelled = later<void>();
    const invited = later<void>();
    await bench.app({
      invite: (req, res) => {
        req.on('cancel', () => cancelled.give());
        res.send(180);
        invited.give();
      },
    });
    const caller = new Caller(await open(), bench.port);
    caller.send('INVITE', { body: SDP });
    await caller.response('INVITE', 180);
    caller.send('CANCEL');
    expect((await caller.response('CANCEL')).status).toBe(200);
    const failure = await caller.response('INVITE');
    expect(failure.status).toBe(487);
    caller.remoteTag = tagOf(header(failure, 'To'));
    caller.send('ACK', { branch: caller.inviteBranch });
    await cancelled.value;
    await bench.holds({ pendingRequests: 0, dialogs: 0 });
  });
});
