import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import type { Logger } from 'pino';
import { toGatewayError } from '../../domain/errors.ts';
import type { Binding } from '../../domain/site.ts';
import type { RegisterRequest, Registrar } from '../../sites/registrar.ts';
import { type Authentication, authenticate } from '../authenticate.ts';
import { gatherWrites } from '../gathered-writes.ts';
import { refusalHeaders, remoteAddr } from '../headers.ts';

export interface RegisterDeps {
  readonly auth: Authentication;
  readonly registrar: Registrar;
  readonly publicHost: string;
  readonly now: () => number;
  readonly log: Logger;
}

/** Answers one REGISTER, RFC 3261 §10.3. Never rejects. */
export async function handleRegister(
  deps: RegisterDeps,
  req: SrfRequest,
  res: SrfResponse,
): Promise<void> {
  try {
    const sipUsername = await authenticate(deps.auth, req, res, { trustBindings: false });
    if (sipUsername === undefined) return;
    const result = await deps.registrar.register(toRegisterRequest(req, sipUsername));
    if (result.kind === 'too-brief')
      return res.send(423, { headers: { 'Min-Expires': String(result.minExpiresSec) } });
    gatherWrites(req);
    res.send(200, { headers: bindingHeaders(result.bindings, deps.now()) });
    const fields = { sipUsername, remoteAddr: remoteAddr(req), sipTransport: req.protocol };
    deps.log.debug({ ...fields, bindings: result.bindings.length }, 'endpoint registered');
  } catch (thrown) {
    const error = toGatewayError(thrown);
    deps.log.warn({ err: error, code: error.code }, 'registration refused');
    const status = error.outcome.sipStatus ?? 500;
    res.send(status, { headers: refusalHeaders(error, deps.publicHost) });
  }
}

function toRegisterRequest(req: SrfRequest, sipUsername: string): RegisterRequest {
  const expires = numberOrUndefined(req.get('Expires'));
  return {
    sipUsername,
    contacts: contactsOf(req),
    ...(expires !== undefined && { expiresSec: expires }),
    sipCallId: req.get('Call-ID'),
    cseq: Number.parseInt(req.get('CSeq'), 10),
    sourceAddr: remoteAddr(req),
    sipTransport: req.protocol,
    userAgent: req.get('User-Agent') ?? '',
  };
}

function contactsOf(req: SrfRequest): RegisterRequest['contacts'] {
  if (!req.has('Contact')) return [];
  if (req.get('Contact').trim() === '*') return '*';
  return req.getParsedHeader('contact').map(contact => {
    const expiresSec = numberOrUndefined(contact.params?.expires);
    return { uri: contact.uri, ...(expiresSec !== undefined && { expiresSec }) };
  });
}

/** All contacts that stand, each with what is left of it; RFC 3261 §10.3 (8). */
function bindingHeaders(bindings: readonly Binding[], nowMs: number): Record<string, string> {
  const contacts = bindings.map(binding => {
    const leftSec = Math.max(0, Math.round((binding.expiresAtMs - nowMs) / 1000));
    return `<${binding.contactUri}>;expires=${leftSec}`;
  });
  return contacts.length > 0 ? { Contact: contacts.join(', ') } : {};
}

function numberOrUndefined(text: unknown): number | undefined {
  const value = Number.parseInt(String(text ?? ''), 10);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
