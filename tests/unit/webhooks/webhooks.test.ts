import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebhookEvent } from '../../../src/contract/jobs.ts';
import type { Principal } from '../../../src/domain/actor.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { Dispatcher } from '../../../src/webhooks/dispatcher.ts';
import type { Seal } from '../../../src/webhooks/ports.ts';
import { sendMessage } from '../../../src/webhooks/send.ts';
import { WebhookDirectory } from '../../../src/webhooks/webhook-directory.ts';
import { SILENT } from '../api/support.ts';

interface Message {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real web server that takes messages, as the test says. */
class Receiver {
  readonly got: Message[] = [];
  /** Status of the next answers; the last for all that follow. */
  statuses = [200];
  /** Answers nothing on this path. */
  silentPath = '';
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (req, res) => {
      const parts: Buffer[] = [];
      for await (const part of req) parts.push(part as Buffer);
      const path = req.url ?? '';
      this.got.push({ path, headers: req.headers, body: Buffer.concat(parts).toString() });
      if (path === this.silentPath) return;
      const status = this.statuses.length > 1 ? this.statuses.shift() : this.statuses[0];
      res.writeHead(status ?? 200, { location: '/elsewhere' }).end('x'.repeat(1000));
    });
  }

  async listen(port = 0): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(port, '127.0.0.1', resolve));
  }

  url(path = '/hook'): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}

/** Not sealed at all, but bound to its owner as the real one is. */
const seal: Seal = {
  seal: (secret, owner) => `${owner}:${Buffer.from(secret).toString('hex')}`,
  open: (text, owner) =>
    text.startsWith(`${owner}:`) ? Buffer.from(text.slice(owner.length + 1), 'hex') : undefined,
};
const admin: Principal = {
  actor: { kind: 'user', userId: 'u', name: 'Lan' },
  permissions: new Set(['webhooks.write']),
};

let folder: string;
let store: Store;
let receiver: Receiver;
let dispatcher: Dispatcher;
let directory: WebhookDirectory;
let nowMs: number;

async function start(): Promise<void> {
  store = await openStore({ file: join(folder, 'diemcau.sqlite'), log: SILENT });
  const now = () => nowMs;
  dispatcher = new Dispatcher({ store, seal, send: sendMessage, now, log: SILENT });
  await dispatcher.open();
  directory = new WebhookDirectory({ store, seal, now, onChange: () => dispatcher.reload() });
}

async function stop(): Promise<void> {
  await dispatcher.close();
  await store.close();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'diemcau-webhooks-'));
  nowMs = Date.now();
  receiver = new Receiver();
  await receiver.listen();
  await start();
});
afterEach(async () => {
  await stop();
  await receiver.close();
  rmSync(folder, { recursive: true });
});

const hook = (path?: string, events: WebhookEvent[] = ['call.ended']) =>
  directory.create(admin, { name: 'Phòng họp', url: receiver.url(path), events, enabled: true });
const tell = async (number = 1) => {
  dispatcher.tell('call.ended', { number });
  await dispatcher.saved();
};
const received = (count: number) =>
  vi.waitFor(() => expect(receiver.got.length).toBe(count), { timeout: 5_000 });
const lastDelivery = async () =>
  (await directory.list({ sort: 'name', limit: 10, offset: 0 })).items[0]?.lastDelivery;
/** What is due by then is sent, as after a start. */
async function later(ms: number): Promise<void> {
  await stop();
  nowMs += ms;
  await start();
}

it('a message is proved by the secret that was shown once', async () => {
  const { secret } = await hook();
  await tell(7);
  await received(1);
  const { headers, body } = receiver.got[0] as Message;
  expect(JSON.parse(body)).toEqual({
    type: 'call.ended',
    timestamp: new Date(nowMs).toISOString(),
    data: { number: 7 },
  });
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const signature = createHmac('sha256', key).update(signed).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${signature}`);
  expect(Number(headers['webhook-timestamp'])).toBe(Math.floor(nowMs / 1000));
  await vi.waitFor(async () =>
    expect(await lastDelivery()).toMatchObject({ ok: true, waiting: 0 }),
  );
});

it('only who asked for an event is told of it', async () => {
  await hook('/calls');
  await hook('/meetings', ['meeting.started']);
  const off = await hook('/off');
  await directory.update(admin, off.id, { version: off.version, enabled: false });
  await tell();
  await received(1);
  expect(receiver.got.map(({ path }) => path)).toEqual(['/calls']);
});

describe('a receiver that fails', () => {
  it('is told again later with the same id, signed anew, until it takes the message', async () => {
    await hook();
    receiver.statuses = [500, 503, 200];
    await tell();
    await received(1);
    await vi.waitFor(async () =>
      expect(await lastDelivery()).toEqual({
        atMs: nowMs,
        ok: false,
        detail: 'HTTP 500',
        waiting: 1,
      }),
    );
    await later(4_000);
    expect(receiver.got.length).toBe(1);
    await later(1_000);
    await received(2);
    await later(30_000);
    await received(3);
    await vi.waitFor(async () =>
      expect(await lastDelivery()).toMatchObject({ ok: true, waiting: 0 }),
    );
    expect(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.got.map(({ headers }) => headers['webhook-signature'])).size).toBe(3);
  });

  it('is given up after a day', async () => {
    await hook();
    receiver.statuses = [500];
    await tell();
    for (let hours = 0; hours < 30; hours += 5) {
      await vi.waitFor(async () => expect(await lastDelivery()).toMatchObject({ atMs: nowMs }));
      await later(5 * 3_600_000);
    }
    await vi.waitFor(async () => expect(await lastDelivery()).toMatchObject({ waiting: 0 }));
    const tries = receiver.got.length;
    await later(24 * 3_600_000);
    expect(receiver.got.length).toBe(tries);
  });

  it('is not followed to where it sends us', async () => {
    await hook();
    receiver.statuses = [302];
    await tell();
    await vi.waitFor(async () =>
      expect(await lastDelivery()).toMatchObject({ detail: 'HTTP 302' }),
    );
    expect(receiver.got.map(({ path }) => path)).toEqual(['/hook']);
  });

  it('or is not there is told when it is', async () => {
    await hook();
    const { port } = new URL(receiver.url());
    await receiver.close();
    await tell();
    await vi.waitFor(async () =>
      expect(await lastDelivery()).toMatchObject({ detail: 'not reached: ECONNREFUSED' }),
    );
    receiver = new Receiver();
    await receiver.listen(Number(port));
    await later(5_000);
    await received(1);
  });

  it('and says nothing delays nobody else', async () => {
    receiver.silentPath = '/silent';
    await hook('/silent');
    await hook('/quick');
    for (const number of [1, 2, 3]) await tell(number);
    await received(4);
    expect(receiver.got.map(({ path }) => path).sort()).toEqual([
      '/quick',
      '/quick',
      '/quick',
      '/silent',
    ]);
  });
});

it('what was told before a restart is sent after it', async () => {
  await hook();
  receiver.silentPath = '/hook';
  await tell(1);
  await tell(2);
  await received(1);
  await stop();
  receiver.got.length = 0;
  receiver.silentPath = '';
  await start();
  await received(2);
  expect(receiver.got.map(({ body }) => JSON.parse(body).data.number)).toEqual([1, 2]);
});

it('what waits for a webhook goes with it', async () => {
  const { id } = await hook();
  receiver.statuses = [500];
  await tell();
  await received(1);
  expect(await directory.delete(admin, id)).toBe(true);
  expect(await directory.delete(admin, id)).toBe(false);
  await vi.waitFor(async () => expect((await store.waiting()).size).toBe(0));
});

it('of two who change a webhook one is told that the other was first', async () => {
  const { id, version } = await hook();
  await directory.update(admin, id, { version, name: 'A' });
  const second = directory.update(admin, id, { version, name: 'B' });
  await expect(second).rejects.toMatchObject({
    code: 'version-conflict',
    details: { current: version + 1 },
  });
  expect(await directory.update(admin, 'gone', { version: 1 })).toBeUndefined();
});

it('lists do not show secrets', async () => {
  await hook();
  const page = await directory.list({ q: 'phòng', sort: '-createdAtMs', limit: 10, offset: 0 });
  expect(page).toMatchObject({ total: 1, items: [{ name: 'Phòng họp', version: 1 }] });
  expect(JSON.stringify(page)).not.toMatch(/secret/i);
});
