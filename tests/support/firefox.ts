/**
 * Debian's Firefox in the bed, which has no H.264 in a closed network. Driven by
 * WebDriver BiDi, which it speaks itself: https://www.w3.org/TR/webdriver-bidi/
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { enter, type Placed, startIn } from './bed/place.ts';
import { waitFor } from './wait-for.ts';

export interface FirefoxOptions {
  readonly where: 'office';
  /** What its microphone hears. */
  readonly toneHz: number;
}

/** One Firefox with one page. */
export interface TestFirefox {
  goto(url: string): Promise<void>;
  /** Evaluates an expression in the page, waiting for a promise; what comes back goes through JSON. */
  evaluate<T>(expression: string): Promise<T>;
  /** Ends it and removes its files. May be called twice. */
  close(): Promise<void>;
}

/** Camera and microphone are fakes of Firefox's own, and nobody is asked. */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
  'intl.accept_languages': 'en-US',
};
const START_TIMEOUT_MS = 30_000;
/** Joins its own input and output with a port of the place it runs in. */
const RELAY = `const socket = require('net').connect(+process.argv[1], '127.0.0.1');
process.stdin.pipe(socket).pipe(process.stdout);`;

/** Starts it in a place of the bed; the caller closes it. */
export async function startFirefox({ where, toneHz }: FirefoxOptions): Promise<TestFirefox> {
  const folder = mkdtempSync(join(tmpdir(), 'firefox-'));
  const preferences = { ...PREFERENCES, 'media.navigator.audio.fake_frequency': toneHz };
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(join(folder, 'user.js'), lines.join('\n'));
  const args = ['--headless', '--no-remote', '--profile', folder, '--remote-debugging-port', '0'];
  const firefox = startIn(where, '/usr/bin/firefox-esr', args, { env: { HOME: folder } });
  let client: BidiClient | undefined;
  const close = async () => {
    client?.close();
    await firefox.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    client = await BidiClient.open(where, await portOf(firefox));
    return { ...(await openPage(client)), close };
  } catch (err) {
    await close();
    throw err;
  }
}

async function portOf(firefox: Placed): Promise<number> {
  const listening = /WebDriver BiDi listening on ws:\/\/[^:]+:(\d+)/;
  await waitFor('Firefox to listen', () => listening.test(firefox.output()), START_TIMEOUT_MS);
  return Number(listening.exec(firefox.output())?.[1]);
}

async function openPage(client: BidiClient): Promise<Pick<TestFirefox, 'goto' | 'evaluate'>> {
  await client.send('session.new', {
    capabilities: { alwaysMatch: { acceptInsecureCerts: true } },
  });
  const probes = readFileSync(join(import.meta.dirname, 'page-probes.js'), 'utf8');
  await client.send('script.addPreloadScript', { functionDeclaration: `() => {\n${probes}\n}` });
  const tree = (await client.send('browsingContext.getTree', {})) as {
    contexts: { context: string }[];
  };
  const context = tree.contexts[0]?.context;
  return {
    goto: async url => {
      await client.send('browsingContext.navigate', { context, url, wait: 'complete' });
    },
    evaluate: async expression => {
      const answer = (await client.send('script.evaluate', {
        expression: `(async () => JSON.stringify((await (${expression})) ?? null))()`,
        target: { context },
        awaitPromise: true,
      })) as { result?: { value: string }; exceptionDetails?: { text: string } };
      if (!answer.result) throw new Error(answer.exceptionDetails?.text ?? 'no result');
      return JSON.parse(answer.result.value);
    },
  };
}

interface BidiMessage {
  readonly id?: number | null;
  readonly type: string;
  readonly result?: unknown;
  readonly message?: string;
}

/** Requests and their answers; events are not asked for. */
class BidiClient {
  readonly #socket: WebSocket;
  readonly #relay: ChildProcess;
  readonly #pending = new Map<number, (message: BidiMessage) => void>();
  #requests = 0;

  private constructor(socket: WebSocket, relay: ChildProcess) {
    this.#socket = socket;
    this.#relay = relay;
    socket.on('message', data => {
      const message = JSON.parse(String(data)) as BidiMessage;
      this.#pending.get(message.id ?? -1)?.(message);
    });
  }

  /** Firefox listens on the loopback of its own place only. */
  static async open(where: FirefoxOptions['where'], port: number): Promise<BidiClient> {
    const [file, ...args] = enter(where);
    const relay = spawn(file, [...args, process.execPath, '-e', RELAY, String(port)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const stream = Duplex.from({ readable: relay.stdout, writable: relay.stdin });
    const createConnection = () => stream as never;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/session`, { createConnection });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new BidiClient(socket, relay);
  }

  async send(method: string, params: object): Promise<unknown> {
    this.#requests += 1;
    const id = this.#requests;
    const answered = new Promise<BidiMessage>(resolve => this.#pending.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { type, result, message } = await answered;
    this.#pending.delete(id);
    if (type !== 'success') throw new Error(`${method}: ${message}`);
    return result;
  }

  close(): void {
    this.#socket.on('error', () => undefined); // its relay goes away under it
    this.#socket.terminate();
    this.#relay.kill();
  }
}
