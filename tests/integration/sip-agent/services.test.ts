/** What applications may ask for besides calls: records of them, subscriptions, and no requests any more. */
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AppDialog, type AppMessage, Bench, later } from './support/bench.ts';
import { Caller } from './support/caller.ts';
import { skipFaultOfOriginal } from './support/differences.ts';
import { header, SDP, tagOf, uriOf } from './support/raw-message.ts';

let bench: Bench;
beforeEach(async context => {
  skipFaultOfOriginal(context);
  bench = await Bench.start();
});
afterEach(() => bench.close());

test('an application that takes back one method still gets the others', async () => {
  const app = await bench.app({
    options: (_req, res) => res.send(200),
    message: (_req, res) => res.send(200),
  });
  const caller = new Caller(await bench.udp(), bench.port);
  const statusOf = async (method: string) => {
    caller.send(method);
    return (await caller.response(method)).status;
  };
  app.unregisterForMessages('options');
  await expect.poll(() => statusOf('OPTIONS')).toBe(503);
  expect(await statusOf('MESSAGE')).toBe(200);
  app.reregisterForMessages('options');
  await expect.poll(() => statusOf('OPTIONS')).toBe(200);
});

test('an application that adds handlers later does not get more than its share', async () => {
  const counts = { first: 0, second: 0 };
  const count = (name: keyof typeof counts) => () => {
    counts[name] += 1;
  };
  const first = await bench.app({
    options: (_req, res) => {
      count('first')();
      res.send(200);
    },
  });
  await bench.app({
    options: (_req, res) => {
      count('second')();
      res.send(200);
    },
  });
  // Each of these makes the library ask for `options` once more.
  first.message((_req, res) => res.send(200));
  first.info((_req, res) => res.send(200));
  const caller = new Caller(await bench.udp(), bench.port);
  for (const method of ['MESSAGE', ...Array<string>(6).fill('OPTIONS')]) {
    caller.send(method);
    await caller.response(method);
  }
  expect(counts).toEqual({ first: 3, second: 3 });
});

test('an application is told of calls that are tried, begin and end', async () => {
  const records: string[] = [];
  const ended = later<void>();
  const app = await bench.app({
    invite: (req, res) => void app.createUAS(req, res, { localSdp: SDP }),
  });
  app.on('cdr:attempt', (source: string) => records.push(`attempt ${source}`));
  app.on('cdr:start', (source: string, _time: string, role: string) =>
    records.push(`start ${source} ${role}`),
  );
  app.on('cdr:stop', (source: string, _time: string, reason: string) => {
    records.push(`stop ${source} ${reason}`);
    ended.give();
  });
  await new Promise(resolve => setTimeout(resolve, 50)); // `route` has no answer to wait for
  const caller = new Caller(await bench.udp(), bench.port);
  await caller.dial();
  await caller.hangUp();
  await ended.value;
  expect(records).toEqual([
    'attempt network',
    'start application uas',
    'stop network normal-release',
  ]);
});

test('a device that subscribes is notified', async () => {
  const made = later<AppDialog>();
  const app = await bench.app({
    subscribe: async (req, res) =>
      made.give(await app.createUAS(req, res, { headers: { Expires: '60' } })),
  });
  const caller = new Caller(await bench.udp(), bench.port);
  caller.send('SUBSCRIBE', { headers: { Event: 'presence', Contact: caller.contact } });
  const ok = await caller.response('SUBSCRIBE');
  expect([ok.status, header(ok, 'Expires')]).toEqual([202, '60']);
  expect(uriOf(header(ok, 'Contact'))).toContain(String(bench.port));
  const state = { 'Subscription-State': 'active', Event: 'presence' };
  const notifying = (await made.value).request({ method: 'NOTIFY', headers: state });
  const notify = await caller.incoming('NOTIFY');
  expect(tagOf(header(notify, 'From'))).toBe(tagOf(header(ok, 'To')));
  caller.answer(notify, 200);
  expect((await notifying).status).toBe(200);
});

test('an application that subscribes is notified', async () => {
  const app = await bench.app();
  const peer = await bench.udp();
  const subscribing = app.createUAC(`sip:room@127.0.0.1:${peer.port}`, {
    method: 'SUBSCRIBE',
    headers: { Event: 'presence', Expires: '60' },
  });
  const subscribe = await peer.take('SUBSCRIBE', message => message.method === 'SUBSCRIBE');
  const device = Caller.of(subscribe, peer, bench.port);
  device.answer(subscribe, 202, { headers: { Expires: '60' } });
  const dialog = await subscribing;
  const notified = once(dialog, 'notify') as Promise<[AppMessage, { send(status: number): void }]>;
  device.send('NOTIFY', { headers: { 'Subscription-State': 'active', Event: 'presence' } });
  const [notify, res] = await notified;
  res.send(200);
  expect(notify.get('Subscription-State')).toBe('active');
  expect((await device.response('NOTIFY')).status).toBe(200);
});
