/**
 * The SIP controller: speaks to a drachtio server (the embedded agent or a real
 * one, it cannot tell which) and turns its requests into registrations and
 * calls. It decides nothing: `calls/` and `sites/` do. Start at `startSipController`.
 */
import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import Srf from 'drachtio-srf';
import type { Logger } from 'pino';
import type { IncomingCall } from '../calls/inbound-call.ts';
import type { Clock, Dialler, EngineHealth } from '../calls/ports.ts';
import type { EndpointProbe, SiteStore } from '../sites/ports.ts';
import type { Registrar } from '../sites/registrar.ts';
import type { PasswordGuard } from './authenticate.ts';
import type { DialogLeg } from './dialog-leg.ts';
import { type DigestAlgorithm, DigestAuthenticator } from './digest.ts';
import { ALLOW } from './headers.ts';
import { OutgoingSipLeg } from './outgoing-leg.ts';
import { optionsProbe } from './qualify.ts';
import { handleInvite } from './requests/invite.ts';
import { handleRegister } from './requests/register.ts';

export interface SipControllerDeps {
  readonly server: { readonly host: string; readonly port: number; readonly secret: string };
  readonly realm: string;
  /** What endpoints may prove themselves by, the preferred first. */
  readonly digestAlgorithms: readonly DigestAlgorithm[];
  readonly publicHost: string;
  readonly sites: SiteStore;
  readonly registrar: Registrar;
  readonly clock: Clock;
  readonly guard: PasswordGuard;
  /** Told of a wrong password for an account that exists. */
  readonly onWrongPassword: (sourceAddr: string, sipUsername: string) => void;
  readonly onCall: (call: IncomingCall) => Promise<void>;
  readonly log: Logger;
}

export interface SipController {
  health(): EngineHealth;
  /** Asks endpoints whether they are there. */
  readonly probe: EndpointProbe;
  /** Calls endpoints. */
  readonly dialler: Dialler;
  close(): void;
}

type RequestHandler = (req: SrfRequest, res: SrfResponse) => void;
/** One method per SIP verb, each of which asks the server for those requests; the library's types miss most. */
type RequestRoutes = Record<'register' | 'invite' | 'options', (handler: RequestHandler) => void>;

/** Connects and keeps connecting; an absent server shows in `health`, not as an error. */
export function startSipController(deps: SipControllerDeps): SipController {
  const srf = new Srf();
  const legs = new Set<DialogLeg>();
  const { sites, registrar, publicHost, log } = deps;
  const now = () => deps.clock.now();
  const digest = new DigestAuthenticator(deps.realm, deps.digestAlgorithms, now);
  const auth = { sites, registrar, digest, guard: deps.guard, onWrong: deps.onWrongPassword };
  let health: EngineHealth = { ok: false, detail: 'not connected yet' };

  const app = srf as unknown as RequestRoutes;
  app.register((req, res) => {
    void handleRegister({ auth, registrar, publicHost, now, log }, req, res);
  });
  app.invite((req, res) => {
    void handleInvite({ srf, auth, publicHost, legs, log, onCall: deps.onCall }, req, res);
  });
  app.options(answerOptions);
  watchConnection(srf, log, state => {
    if (health.ok && !state.ok) for (const leg of legs) leg.serverLost();
    health = state;
  });
  void srf.connect({ ...deps.server });

  const probe = optionsProbe(srf, () => health.ok, now);
  const dialler: Dialler = {
    legTo: (target, caller) => {
      const over = () => void legs.delete(leg);
      const leg = new OutgoingSipLeg({ srf, publicHost, log }, { target, caller, over });
      legs.add(leg);
      return leg;
    },
  };
  return { health: () => health, probe, dialler, close: () => srf.disconnect() };
}

/** Says what we can do; RFC 3261 §11.2. */
function answerOptions(_req: SrfRequest, res: SrfResponse): void {
  res.send(200, {
    headers: { Allow: ALLOW, Accept: 'application/sdp', 'Accept-Encoding': 'identity' },
  });
}

/** The client reconnects by itself; this keeps the health true and the log quiet. */
function watchConnection(srf: Srf, log: Logger, onChange: (health: EngineHealth) => void): void {
  let said: string | undefined;
  const say = (detail: string, err?: unknown) => {
    if (said !== detail) log.warn({ engine: 'sip-agent', err }, detail);
    said = detail;
    onChange({ ok: false, detail });
  };
  const events = srf as unknown as NodeJS.EventEmitter;
  events.on('connect', (err: Error | null, hostports: string) => {
    if (err) return say('SIP server refused the secret', err);
    said = undefined;
    log.info({ engine: 'sip-agent', hostports }, 'sip server connected');
    onChange({ ok: true, detail: hostports });
  });
  events.on('error', (err: Error) => say('SIP server not reachable', err));
  events.on('close', () => say('connection to the SIP server lost'));
  events.on('reconnecting', () => onChange({ ok: false, detail: said ?? 'reconnecting' }));
}
