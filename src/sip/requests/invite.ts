import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import type { Logger } from 'pino';
import type { IncomingCall } from '../../calls/inbound-call.ts';
import { GatewayError, toGatewayError } from '../../domain/errors.ts';
import { findByAddress } from '../../sites/fixed-addresses.ts';
import { type Authentication, authenticate } from '../authenticate.ts';
import type { DialogLeg, SipLegDeps } from '../dialog-leg.ts';
import { addressOfRecord, refusalHeaders, remoteAddr, userPart } from '../headers.ts';
import { SipLeg } from '../sip-leg.ts';

export interface InviteDeps extends SipLegDeps {
  readonly auth: Authentication;
  /** Runs the call; never rejects. */
  readonly onCall: (call: IncomingCall) => Promise<void>;
  /** Legs under way, so that all can be told when the SIP server is lost. */
  readonly legs: Set<DialogLeg>;
  readonly log: Logger;
}

/** Turns one INVITE into an incoming call, or refuses what is not one. Never rejects. */
export async function handleInvite(
  deps: InviteDeps,
  req: SrfRequest,
  res: SrfResponse,
): Promise<void> {
  try {
    const sipUsername = await identify(deps.auth, req, res);
    if (sipUsername === undefined) return;
    if (deps.auth.guard.refusesCallsOf(sipUsername))
      throw new GatewayError('not-authorized', 'too many wrong PINs');
    refuseUnusable(req);
    const leg = new SipLeg(deps, req, res);
    deps.legs.add(leg);
    const dialled = dialledBy(req.uri, deps.publicHost);
    const sipCallId = req.get('Call-ID');
    await deps.onCall({ leg, sipUsername, dialled, sipCallId });
    deps.legs.delete(leg);
  } catch (thrown) {
    const error = toGatewayError(thrown);
    const fields = { code: error.code, reason: error.message, sipCallId: req.get('Call-ID') };
    deps.log.info(fields, 'call refused');
    const status = error.outcome.sipStatus ?? 500;
    res.send(status, { headers: refusalHeaders(error, deps.publicHost) });
  }
}

/** By registration or digest, or by its address, where that is enough; undefined when the request was answered. */
async function identify(
  auth: Authentication,
  req: SrfRequest,
  res: SrfResponse,
): Promise<string | undefined> {
  const claimed = addressOfRecord(req, 'from');
  const isBound = claimed && auth.registrar.isBoundTo(claimed, remoteAddr(req), req.protocol);
  if (!isBound && !req.has('Authorization')) {
    const known = await findByAddress(auth.sites, req.source_address, claimed);
    if (known) return known.endpoint.sipUsername;
  }
  return authenticate(auth, req, res, { trustBindings: true });
}

/** The user part; empty for the bare host, which some devices write twice, `192.0.2.1@192.0.2.1`. */
function dialledBy(uri: string, ownHost: string): string {
  const user = userPart(uri) ?? '';
  return user === ownHost ? '' : user;
}

/** @throws GatewayError `bad-message`, `content-type-unsupported` */
function refuseUnusable(req: SrfRequest): void {
  if (!req.has('Contact')) throw new GatewayError('bad-message', 'INVITE has no Contact');
  const contentType = req.get('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  if (req.body && contentType !== 'application/sdp')
    throw new GatewayError('content-type-unsupported', 'body is not SDP');
}
