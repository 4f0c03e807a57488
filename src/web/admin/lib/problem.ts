import { ErrorView } from '../../../contract/rest.ts';

/** A field that was not taken, by its path in what was sent. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/** A request that failed; `code` is one of the API's, or `network` or `unknown`. */
export class Problem extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryAfterSec: number | undefined;

  constructor(
    code: string,
    message = code,
    details: Readonly<Record<string, unknown>> = {},
    retryAfterSec?: number,
  ) {
    super(message);
    this.code = code;
    this.details = details;
    this.retryAfterSec = retryAfterSec;
  }

  /** What is wrong with which field, where the gateway said so. */
  get fields(): readonly FieldProblem[] {
    const { problems } = this.details;
    return Array.isArray(problems) ? problems.filter(isFieldProblem) : [];
  }
}

/** Anything thrown, as one of ours. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem('unknown', thrown instanceof Error ? thrown.message : String(thrown));
}

/** What an answer that is not a success says. */
export async function readProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined); // not JSON: a proxy's page
  const parsed = ErrorView.safeParse(body);
  if (!parsed.success) return new Problem('unknown', `HTTP ${response.status}`);
  const { code, message, details } = parsed.data.error;
  const retryAfter = Number(response.headers.get('Retry-After'));
  return new Problem(code, message, details, retryAfter > 0 ? retryAfter : undefined);
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return typeof value === 'object' && value !== null && 'path' in value && 'message' in value;
}
