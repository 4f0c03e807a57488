import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { App, AppDialog, AppRequest, AppResponse, Bench } from './bench.ts';
import { CHALLENGE, isRightAnswer } from './digest.ts';
import { SDP } from './raw-message.ts';

type Answer = (app: App, req: AppRequest, res: AppResponse) => Promise<unknown>;
type CallOut = (app: App, uri: string) => Promise<unknown>;

const OTHER_SDP = SDP.replace('4000', '4002');
const ON_SDP_ANSWER_MS = 5_000;
const ON_END_MS = 30_000;

/** What the application does in the scenarios where it does more than to answer. */
const ANSWERS: Record<string, Answer> = {
  'reinvite-glare': async (app, req, res) => {
    const dialog = await answered(app, req, res);
    const failure = await dialog.modify(OTHER_SDP).catch((err: { status: number }) => err.status);
    if (failure !== 491) throw new Error(`the glare ended in ${failure}`);
  },
  'offerless-invite': async (app, req, res) => {
    if (req.body !== '') throw new Error('there was an offer');
    const dialog = await answered(app, req, res);
    const signal = AbortSignal.timeout(ON_SDP_ANSWER_MS);
    await once(dialog, 'ack', { signal });
    if (!dialog.remote.sdp.includes('m=audio')) throw new Error('no answer in the ACK');
  },
  'invite-5k-udp': (app, req, res) => app.createUAS(req, res, { localSdp: req.body }),
  prack: async (app, req, res) => {
    const prack = Promise.withResolvers<unknown>();
    const headers = { Require: '100rel' };
    res.send(183, { headers, body: SDP }, undefined, prack.resolve);
    await prack.promise;
    return answered(app, req, res);
  },
  'target-refresh': async (app, req, res) => {
    const dialog = await answered(app, req, res);
    const [, modifyRes] = (await once(dialog, 'modify')) as [AppRequest, AppResponse];
    modifyRes.send(200, { body: SDP });
    const { status } = await dialog.request({ method: 'INFO' });
    if (status !== 200) throw new Error(`INFO got ${status}`);
  },
  'hold-resume-x10': async (app, req, res) => {
    const dialog = await answered(app, req, res);
    let offers = 0;
    dialog.on('modify', (modify: AppRequest, modifyRes: AppResponse) => {
      offers += 1;
      const direction = modify.body.includes('a=sendonly') ? 'recvonly' : 'sendrecv';
      modifyRes.send(200, { body: `${SDP}a=${direction}\r\n` });
    });
    await once(dialog, 'destroy', { signal: AbortSignal.timeout(ON_END_MS) });
    if (offers !== 20) throw new Error(`${offers} offers came`);
  },
  'info-dtmf': async (app, req, res) => {
    const dialog = await answered(app, req, res);
    const keys: string[] = [];
    dialog.on('info', (info: AppRequest, infoRes: AppResponse) => {
      keys.push(`${info.get('Content-Type')}: ${info.body.trim().split(/\r?\n/)[0]}`);
      infoRes.send(200);
    });
    await once(dialog, 'destroy', { signal: AbortSignal.timeout(ON_END_MS) });
    const expected = ['application/dtmf-relay: Signal=5', 'application/dtmf: 7'];
    if (keys.join() !== expected.join()) throw new Error(`these keys came: ${keys.join()}`);
  },
};

const CALLS_OUT: Record<string, CallOut> = {
  'prack-out': async (app, uri) => {
    const headers = { Supported: '100rel' };
    const dialog = await app.createUAC(uri, { localSdp: SDP, headers });
    await dialog.destroy();
  },
  'cancel-crosses-200-out': async (app, uri) => {
    const call = Promise.withResolvers<AppRequest>();
    const calling = app.createUAC(
      uri,
      { localSdp: SDP },
      {
        cbRequest: (_err, req) => call.resolve(req),
        cbProvisional: () => void call.promise.then(req => req.cancel()),
      },
    );
    const ended = await calling.then(dialog => once(dialog, 'destroy'));
    if (!String(ended[1]).includes('cancel race')) throw new Error(`ended by ${ended[1]}`);
  },
};

function answered(app: App, req: AppRequest, res: AppResponse): Promise<AppDialog> {
  return app.createUAS(req, res, { localSdp: SDP });
}

/** One application for all scenarios; each INVITE says in X-Scenario whose it is. */
export class ScenarioApp {
  readonly #app: App;
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #complaints = new Map<string, string[]>();

  private constructor(app: App) {
    this.#app = app;
  }

  static async start(bench: Bench): Promise<ScenarioApp> {
    let scenarioApp: ScenarioApp | undefined;
    const app = await bench.app({
      invite: (req, res) => scenarioApp?.onInvite(req, res),
      register: (req, res) => {
        const isKnown = isRightAnswer(req.get('Authorization') ?? '', 'REGISTER');
        if (isKnown) res.send(200, { headers: { Expires: '60', Contact: req.get('Contact') } });
        else res.send(401, { headers: { 'WWW-Authenticate': CHALLENGE } });
      },
    });
    scenarioApp = new ScenarioApp(app);
    return scenarioApp;
  }

  onInvite(req: AppRequest, res: AppResponse): void {
    const name = req.get('X-Scenario');
    this.#run(name, (ANSWERS[name] ?? answered)(this.#app, req, res));
  }

  /** Calls where the scenario is going to wait. */
  callOut(name: string, port: number): void {
    const call = CALLS_OUT[name];
    if (!call) throw new Error(`nobody calls ${name}`);
    // The INVITE is repeated until sipp is there.
    this.#run(name, call(this.#app, `sip:room@127.0.0.1:${port}`));
  }

  /** What went wrong on the application's side, once its part is over. */
  async complaints(name: string): Promise<string[]> {
    await this.#running.get(name);
    return this.#complaints.get(name) ?? [];
  }

  #run(name: string, work: Promise<unknown>): void {
    const noted = work.catch(err => {
      this.#complaints.set(name, [...(this.#complaints.get(name) ?? []), String(err)]);
    });
    this.#running.set(name, noted);
  }
}

/** A UDP port that nobody has now. */
export async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
