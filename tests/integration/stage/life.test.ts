import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { startStage } from '../../../src/stage/server.ts';
import { waitFor } from '../../support/wait-for.ts';
import { Rig, SCENE, TERMS } from './rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await Rig.start();
});
afterEach(() => rig.close());

const openSockets = async () => (await rig.status()).openSockets;
const addition = (id: string) => ({ sceneId: SCENE, participantId: id, name: id, ...TERMS });

describe('sockets', () => {
  test('are gone with the participant, and with the scene', async () => {
    await rig.addEndpoint('a');
    await rig.addBrowser('b');
    expect(await openSockets()).toBe(6);
    await rig.remove('a');
    expect(await openSockets()).toBe(2);
    await rig.remove('a');
    await rig.client.request('scene.close', { sceneId: SCENE });
    expect(await openSockets()).toBe(0);
  });

  test('are gone with the connection that asked for them, and only those', async () => {
    const other = await Rig.connect(rig.stage.port);
    await other.request('scene.open', { sceneId: 'other', title: '' });
    await other.request('endpoint.add', { ...addition('x'), sceneId: 'other' });
    await rig.addEndpoint('a');
    const health = async () => (await fetch(`http://127.0.0.1:${rig.stage.port}/healthz`)).json();
    expect(await health()).toMatchObject({ ok: true, openSockets: 8 });
    await other.close();
    await waitFor('the others to go', async () => (await openSockets()) === 4);
  });

  test('are gone when the addition is undone before it was answered', async () => {
    const adding = rig.client.request('endpoint.add', addition('a'));
    const removing = rig.client.request('participant.remove', {
      sceneId: SCENE,
      participantId: 'a',
    });
    await Promise.all([adding, removing]);
    expect(await openSockets()).toBe(0);
  });

  test('are replaced when a participant comes twice', async () => {
    await rig.addEndpoint('a');
    await rig.addEndpoint('a');
    expect(await openSockets()).toBe(4);
  });
});

/** The first of a few ports that no other test, here or in another checkout, is likely to take. */
const quietPort = () => 50_000 + 20 * Math.floor(Math.random() * 700);

test('a full range of ports is said so, and leaves nothing half open', async () => {
  await rig.close();
  const portMin = quietPort();
  rig = await Rig.start({ portMin, portMax: portMin + 5 });
  await rig.addEndpoint('a');
  await expect(rig.client.request('endpoint.add', addition('b'))).rejects.toMatchObject({
    code: 'media-ports-exhausted',
  });
  expect(await openSockets()).toBe(4);
  await rig.remove('a');
  await rig.addEndpoint('b');
});

test('a port somebody else holds is passed over', async () => {
  const portMin = quietPort();
  const blocked = await Rig.start({ portMin, portMax: portMin + 3 });
  await rig.close();
  rig = await Rig.start({ portMin, portMax: portMin + 15 });
  const holder = await blocked.client.request('endpoint.add', addition('x'));
  const { endpoint, feed } = await rig.client.request('endpoint.add', addition('a'));
  expect([endpoint.rtpPort, feed.rtpPort]).not.toContain(holder.endpoint.rtpPort);
  await blocked.close();
});

describe('a controlling connection', () => {
  test('without the secret is refused', async () => {
    const stranger = await Rig.connect(rig.stage.port, 'wrong');
    expect(stranger.health().ok).toBe(false);
    await expect(stranger.request('stage.status', {})).rejects.toMatchObject({
      code: 'stage-down',
    });
    await stranger.close();
  });

  test('that sends nonsense is told so, and goes on', async () => {
    const headers = { Authorization: 'Bearer test-secret' };
    const socket = new WebSocket(`ws://127.0.0.1:${rig.stage.port}`, { headers });
    const replies: { id: number; error?: { code: string } }[] = [];
    socket.on('message', data => replies.push(JSON.parse(String(data))));
    await new Promise(resolve => socket.once('open', resolve));
    socket.send('no json');
    socket.send('{"id":7,"method":"no.such","params":{}}');
    socket.send('{"id":8,"method":"scene.open","params":{"sceneId":""}}');
    socket.send('{"id":9,"method":"scene.speakers","params":{"sceneId":"x","participantIds":[]}}');
    socket.send(Buffer.from([0xff, 0xfe]));
    socket.send('{"id":10,"method":"stage.status","params":{}}');
    await waitFor('all replies', () => replies.length === 6);
    expect(replies.map(({ id, error }) => [id, error?.code])).toEqual([
      [0, 'bad-request'],
      [7, 'bad-request'],
      [8, 'bad-request'],
      [9, 'not-found'],
      [0, 'bad-request'],
      [10, undefined],
    ]);
    socket.terminate();
  });
});

test('RTP and RTCP of random octets change nothing', async () => {
  const a = await rig.addEndpoint('a');
  const b = await rig.addEndpoint('b');
  for (let i = 0; i < 2_000; i++) {
    const noise = Buffer.from(
      Array.from({ length: i % 60 }, () => Math.floor(Math.random() * 256)),
    );
    if (noise.length > 1 && i % 2 === 0) noise.set([0x80 | (i & 0x3f), 200 + (i % 8)]);
    a.phone.sendRtcp(noise);
    a.phone.sendRaw(noise);
    b.feed.sendRtcp(noise);
  }
  await waitFor('the slate still', () => b.phone.received.length > 20);
  expect((await rig.status()).scenes[0]?.participants).toHaveLength(2);
});

test('the client comes back by itself with the scene it had, and tells of the loss once', async () => {
  const { port } = rig.stage;
  const lost: string[] = [];
  rig.client.onLost(error => lost.push(error.code));
  await rig.stage.close();
  await waitFor('the loss', () => lost.length > 0);
  expect(rig.client.health().ok).toBe(false);
  await expect(rig.client.request('stage.status', {})).rejects.toMatchObject({
    code: 'stage-down',
  });
  const range = { mediaHost: '127.0.0.1', portMin: 45_000, portMax: 45_999 };
  const settings = { listen: { host: '127.0.0.1', port }, secret: 'test-secret', ...range };
  const again = await startStage(settings, pino({ level: 'silent' }));
  await waitFor('the client to come back', () => rig.client.health().ok);
  expect((await rig.status()).scenes).toMatchObject([{ sceneId: SCENE, participants: [] }]);
  expect(lost).toEqual(['stage-down']);
  await again.close();
});
