import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { type Baresip, startBaresip } from '../../support/baresip.ts';
import { setHallLink } from '../../support/bed/hall-link.ts';
import { CORE_HOST } from '../../support/bed/namespaces.ts';
import { inHall, inOffice } from '../../support/bed/place.ts';
import { startChromium, type TestChromium } from '../../support/chromium.ts';
import { decodedFps, heardTone, videoColour } from '../../support/page.ts';
import { nearestColour } from '../../support/picture.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Two phones alone do not ask for a missed key frame; baresip sends one every ten seconds. */
const KEYFRAME_TIMEOUT_MS = 25_000;

/** The bed and its instruments themselves, without the system. */
describe('test bed', () => {
  const opened: { close(): Promise<void> }[] = [];

  afterEach(async () => {
    setHallLink({});
    for (const part of opened.splice(0).reverse()) await part.close();
  });

  test('both places reach the core', async () => {
    for (const start of [inHall, inOffice]) {
      const dial = `exec 3<>/dev/tcp/${CORE_HOST}/9`; // Nobody listens: refused means reached.
      const placed = start('bash', ['-c', dial]);
      await new Promise(resolve => placed.process.once('close', resolve));
      expect(placed.output()).toContain('Connection refused');
    }
  });

  test.each([
    ['pcma', 'udp'],
    ['g722', 'tcp'],
    ['opus', 'udp'],
  ] as const)(
    'two phones see and hear each other with %s over %s',
    async (codec, transport) => {
      const called = await aPhone({
        colour: 'blue',
        toneHz: 900,
        codec,
        transport,
      });
      const caller = await aPhone({ colour: 'red', toneHz: 600, codec, transport });

      await caller.dial(`sip:phone@${called.host};transport=${transport}`);

      await Promise.all([
        waitFor('red', async () => (await called.sees()) === 'red', KEYFRAME_TIMEOUT_MS),
        waitFor('blue', async () => (await caller.sees()) === 'blue', KEYFRAME_TIMEOUT_MS),
      ]);
      await waitFor('900 Hz', () => Math.abs(caller.heard().frequencyHz - 900) <= 10);
      await waitFor('600 Hz', () => Math.abs(called.heard().frequencyHz - 600) <= 10);
      expect(caller.heard().purity).toBeGreaterThan(0.9);
      expect(caller.audioCodec()?.toLowerCase()).toBe(codec);
      await caller.hangup();
      await called.ended();
    },
    60_000,
  );

  test('loss on the link can be set and taken back', async () => {
    setHallLink({ lossPct: 50 });
    const withLoss = await arrivedOf200();
    setHallLink({});
    expect(await arrivedOf200()).toBe(200);
    expect(withLoss).toBeGreaterThan(50);
    expect(withLoss).toBeLessThan(150);
  });

  test('Chromium in the office shows and plays what its fake devices give', async () => {
    const chromium = await startChromium({ where: 'office', colour: 'green', toneHz: 700 });
    opened.push(chromium);
    const page = await loopbackPage(chromium);

    const colour = await waitFor('a picture', () => videoColour(page, '#remote'));
    expect(nearestColour(colour)).toBe('green');
    // How many depends on what else the machine does.
    expect(await decodedFps(page, '#remote')).toBeGreaterThan(2);
    const tone = await waitFor('a tone', async () => {
      const heard = await heardTone(page, '#remote');
      return heard.levelDb > -60 && heard;
    });
    expect(Math.abs(tone.frequencyHz - 700)).toBeLessThanOrEqual(12);
  });

  async function aPhone(options: {
    colour: 'red' | 'blue';
    toneHz: number;
    codec: 'pcma' | 'g722' | 'opus';
    transport: 'udp' | 'tcp';
  }): Promise<Baresip> {
    const { codec, ...rest } = options;
    const account = { username: 'phone', password: 'none', registers: false };
    const phone = await startBaresip({ ...account, ...rest, audioCodecs: [codec] });
    opened.push(phone);
    return phone;
  }
});

/** A page whose camera and microphone come back to it through two peer connections. */
async function loopbackPage({ newPage }: TestChromium) {
  const page = await newPage();
  // A secure context without a server.
  await page.route('https://bed.test/', route =>
    route.fulfill({ contentType: 'text/html', body: '<video id="remote" autoplay></video>' }),
  );
  await page.goto('https://bed.test/');
  await page.evaluate(`(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
    a.onicecandidate = event => b.addIceCandidate(event.candidate);
    b.onicecandidate = event => a.addIceCandidate(event.candidate);
    b.ontrack = event => { document.querySelector('#remote').srcObject = event.streams[0]; };
    for (const track of stream.getTracks()) a.addTrack(track, stream);
    await a.setLocalDescription();
    await b.setRemoteDescription(a.localDescription);
    await b.setLocalDescription();
    await a.setRemoteDescription(b.localDescription);
  })()`);
  return page;
}

/** Sends 200 datagrams from the hall to a port nobody listens on; the kernel counts them there. */
async function arrivedOf200(): Promise<number> {
  const before = datagramsWithoutListener();
  const address = `exec 3<>/dev/tcp/${CORE_HOST}/9`; // So that none waits for the address.
  const script = `${address}; for n in {1..200}; do echo x > /dev/udp/${CORE_HOST}/9; done`;
  const sender = inHall('bash', ['-c', script]);
  await new Promise(resolve => sender.process.once('close', resolve));
  return datagramsWithoutListener() - before;
}

function datagramsWithoutListener(): number {
  const lines = readFileSync('/proc/self/net/snmp', 'utf8').split('\n');
  const [names = [], values = []] = lines
    .filter(line => line.startsWith('Udp:'))
    .map(line => line.split(' '));
  return Number(values[names.indexOf('NoPorts')]);
}
