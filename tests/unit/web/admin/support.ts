import type { Fetch } from '../../../../src/web/admin/lib/client.ts';

/** A request as the gateway would see it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

type Reply = readonly [status: number, body?: unknown];

/** A gateway that answers what it is told to, in order, and remembers what it was asked. */
export class FakeGateway {
  readonly seen: SeenRequest[] = [];
  readonly #replies: Reply[] = [];

  replies(...replies: readonly Reply[]): void {
    this.#replies.push(...replies);
  }

  readonly fetch: Fetch = async (path, { method = 'GET', headers, body }) => {
    this.seen.push({
      ...{ method, path, headers: headers as Record<string, string> },
      body: typeof body === 'string' ? JSON.parse(body) : body,
    });
    const reply = this.#replies.shift();
    if (!reply) throw new TypeError('the network is gone');
    const [status, answer] = reply;
    return new Response(answer === undefined ? null : JSON.stringify(answer), { status });
  };
}

export function refusal(code: string, details?: object): { error: object } {
  return { error: { code, message: code, ...(details && { details }) } };
}

export const SIGNED_IN = {
  user: {
    ...{ id: 'u1', login: 'lan', name: 'Lan', role: 'administrator' },
    ...{ groupIds: [], secondFactor: false },
  },
  permissions: ['sites.read', 'sites.write', 'audit.read'],
  csrfToken: 'first',
  setupNeeded: false,
};

export const SIGNED_OUT = { permissions: [], setupNeeded: false };
