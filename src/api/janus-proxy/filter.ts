import { z } from 'zod';
import type { Visit } from '../core.ts';
import { allowedBody, PLUGINS, type Plugin } from './requests.ts';

const MAX_SDP_CHARS = 200_000;
const MAX_HANDLES = 8;
/** Attaches go out under transactions of our own, so that no other reply can be taken for theirs. */
const ATTACH_PREFIX = 'gateway-attach-';

const Jsep = z.object({
  type: z.enum(['offer', 'answer']),
  sdp: z.string().max(MAX_SDP_CHARS),
  trickle: z.boolean().optional(),
  rid_order: z.enum(['hml', 'lmh']).optional(),
});
const Candidate = z.union([
  z.object({ completed: z.literal(true) }),
  z.object({
    candidate: z.string().max(1000),
    sdpMid: z.string().max(32).nullish(),
    sdpMLineIndex: z.number().int().nullish(),
  }),
]);
const BrowserFrame = z.looseObject({
  janus: z.string(),
  transaction: z.string().min(1).max(64),
  token: z.string().max(256).optional(),
  session_id: z.number().optional(),
  handle_id: z.number().optional(),
});
type BrowserFrame = z.infer<typeof BrowserFrame>;

/** What to do with one frame of the browser. */
export type Verdict =
  | { readonly kind: 'forward'; readonly frame: Record<string, unknown> }
  | { readonly kind: 'refuse'; readonly reply: Record<string, unknown>; readonly reason: string }
  | { readonly kind: 'close'; readonly reason: string; readonly reply?: Record<string, unknown> };

interface Attaching {
  readonly plugin: Plugin;
  /** The browser's own transaction, which the reply must carry. */
  readonly transaction: string;
}

/**
 * Judges the frames of one browser connection and remembers what it owns: one
 * session, and the handles it attached. Pure but for that memory.
 */
export class JanusFilter {
  readonly #find: (token: string) => Visit | undefined;
  #token = '';
  #visit: Visit | undefined;
  #sessionId: number | undefined;
  #createSent = false;
  readonly #handles = new Map<number, Plugin>();
  /** Attaches on their way, by transaction. */
  readonly #attaching = new Map<string, Attaching>();
  #attachesSent = 0;

  constructor(find: (token: string) => Visit | undefined) {
    this.#find = find;
  }

  get visit(): Visit | undefined {
    return this.#visit;
  }

  /** A frame from the browser. */
  fromBrowser(text: string): Verdict {
    const frame = parse(text);
    if (!frame) return { kind: 'close', reason: 'not understood' };
    const visit = this.#currentVisit(frame);
    if (!visit) return close(frame, 'not authorized');
    if (frame.transaction.startsWith(ATTACH_PREFIX)) return refuse(frame, 'not allowed');
    return this.#judge(frame, visit);
  }

  /** A frame from the room server: learns the ids it gives out, returns what the browser gets. */
  fromServer(text: string): string {
    const reply = ServerFrame.safeParse(parseJson(text));
    if (!reply.success) return text;
    const { janus, transaction, data, sender } = reply.data;
    if (janus === 'detached' && sender !== undefined) this.#handles.delete(sender);
    const attaching = this.#attaching.get(transaction ?? '');
    if (attaching) return this.#attached(reply.data, attaching);
    if (janus === 'success' && data && this.#createSent) this.#sessionId ??= data.id;
    return text;
  }

  /** The visit this connection is bound to by its first token, as long as it lasts. */
  #currentVisit(frame: BrowserFrame): Visit | undefined {
    this.#token ||= frame.token ?? '';
    const found = this.#find(this.#token);
    this.#visit ??= found;
    return found && this.#visit;
  }

  #attached(reply: z.infer<typeof ServerFrame>, { plugin, transaction }: Attaching): string {
    this.#attaching.delete(reply.transaction ?? '');
    if (reply.janus === 'success' && reply.data) this.#handles.set(reply.data.id, plugin);
    return JSON.stringify({ ...reply, transaction });
  }

  #judge(frame: BrowserFrame, visit: Visit): Verdict {
    const { janus, transaction } = frame;
    if (janus === 'create') return this.#create(transaction);
    if (this.#sessionId === undefined || frame.session_id !== this.#sessionId)
      return refuse(frame, 'not your session');
    const base = { janus, transaction, session_id: this.#sessionId };
    if (janus === 'keepalive' || janus === 'destroy') return { kind: 'forward', frame: base };
    if (janus === 'attach') return this.#attach(frame, base);
    const plugin = this.#handles.get(frame.handle_id ?? -1);
    if (!plugin) return refuse(frame, 'not your handle');
    const owned = { ...base, handle_id: frame.handle_id };
    if (janus === 'detach' || janus === 'hangup') return { kind: 'forward', frame: owned };
    if (janus === 'trickle') return trickle(frame, owned);
    if (janus === 'message') return message(frame, owned, plugin, visit);
    return refuse(frame, 'not allowed');
  }

  #create(transaction: string): Verdict {
    if (this.#createSent) return { kind: 'close', reason: 'one session a connection' };
    this.#createSent = true;
    return { kind: 'forward', frame: { janus: 'create', transaction } };
  }

  #attach(frame: BrowserFrame, base: Record<string, unknown>): Verdict {
    const plugin = PLUGINS.find(name => name === frame.plugin);
    if (!plugin) return refuse(frame, 'not allowed');
    if (this.#handles.size + this.#attaching.size >= MAX_HANDLES)
      return refuse(frame, 'too many handles');
    this.#attachesSent += 1;
    const transaction = `${ATTACH_PREFIX}${this.#attachesSent}`;
    this.#attaching.set(transaction, { plugin, transaction: frame.transaction });
    return { kind: 'forward', frame: { ...base, transaction, plugin } };
  }
}

const ServerFrame = z.looseObject({
  janus: z.string(),
  transaction: z.string().optional(),
  sender: z.number().optional(),
  data: z.looseObject({ id: z.number() }).optional(),
});

function message(
  frame: BrowserFrame,
  owned: Record<string, unknown>,
  plugin: Plugin,
  visit: Visit,
): Verdict {
  const body = allowedBody(plugin, frame.body, visit);
  if (!body) return refuse(frame, 'not allowed');
  if (frame.jsep === undefined) return { kind: 'forward', frame: { ...owned, body } };
  const jsep = Jsep.safeParse(frame.jsep);
  if (!jsep.success) return refuse(frame, 'not an SDP');
  return { kind: 'forward', frame: { ...owned, body, jsep: jsep.data } };
}

function trickle(frame: BrowserFrame, owned: Record<string, unknown>): Verdict {
  const one = Candidate.safeParse(frame.candidate);
  if (one.success) return { kind: 'forward', frame: { ...owned, candidate: one.data } };
  const many = z.array(Candidate).max(100).safeParse(frame.candidates);
  if (many.success) return { kind: 'forward', frame: { ...owned, candidates: many.data } };
  return refuse(frame, 'not a candidate');
}

/** A refusal in the room server's own words, so that janus.js tells the page. */
function refuse(frame: BrowserFrame, reason: string): Verdict {
  return { kind: 'refuse', reason, reply: errorReply(frame, 403, reason) };
}

/** Answered first: janus.js does not tell the page of a socket that closes before its session stands. */
function close(frame: BrowserFrame, reason: string): Verdict {
  return { kind: 'close', reason, reply: errorReply(frame, 403, reason) };
}

/** An error as the room server writes it. */
export function errorReply(
  frame: { readonly transaction?: string | undefined; readonly session_id?: number | undefined },
  code: number,
  reason: string,
): Record<string, unknown> {
  const { transaction, session_id } = frame;
  return { janus: 'error', session_id, transaction, error: { code, reason } };
}

function parse(text: string): BrowserFrame | undefined {
  const parsed = BrowserFrame.safeParse(parseJson(text));
  return parsed.success ? parsed.data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: the caller refuses it
  }
}
