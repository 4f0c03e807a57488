/** The whole API under random requests: it may refuse them, and never fail by itself. */
import { openApiDocument } from '../../src/api/openapi/document.ts';
import { send } from '../unit/api/browser.ts';
import { startWorld } from '../unit/api/contract/world.ts';
import { ADMIN_TOKEN } from '../unit/api/support.ts';
import { type ApiRequest, ApiRequests } from './api-requests.ts';
import { type FuzzArguments, fail } from './command-line.ts';
import { seeded } from './mutate.ts';

/** Requests under way at once. */
const PARALLEL = 8;

export interface ApiFuzzReport {
  /** How many answers there were of each status. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly failure?: { readonly request: ApiRequest; readonly rule: string };
}

export async function fuzzApi(options: {
  readonly runs: number;
  readonly seed: number;
}): Promise<ApiFuzzReport> {
  const world = await startWorld();
  const requests = new ApiRequests(openApiDocument(world.operations), ADMIN_TOKEN);
  const random = seeded(options.seed);
  const statuses: Record<number, number> = {};
  let left = options.runs;
  let failure: ApiFuzzReport['failure'];
  const work = async () => {
    while (left > 0 && !failure) {
      left -= 1;
      const request = requests.next(random);
      const { status, rule } = await ask(`${world.api.url}/api/v1`, request);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (rule !== undefined) failure ??= { request, rule };
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  await world.close();
  return { statuses, ...(failure && { failure }) };
}

async function ask(base: string, { method, path, headers, body }: ApiRequest) {
  const answer = await send(method, `${base}${path}`, body, headers).catch(err => {
    return { status: 0, headers: {}, body: String(err) };
  });
  return { status: answer.status, rule: brokenRule(method, answer.status, answer.body) };
}

/** What Node itself refuses before the API sees it has no body of ours. */
function brokenRule(method: string, status: number, body: unknown): string | undefined {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (status === 0) return `no answer: ${text}`;
  if (status >= 500) return `status ${status}: ${text}`;
  if (status < 400 || method === 'HEAD' || text === '') return undefined;
  const { code } = (body as { error?: { code?: unknown } }).error ?? {};
  return typeof code === 'string' ? undefined : `status ${status} without a code: ${text}`;
}

/** `npm run fuzz -- api --runs 10000` */
export async function run({ runs, seed }: FuzzArguments): Promise<void> {
  process.stdout.write(`api: ${runs} runs, --seed ${seed}\n`);
  const startedMs = performance.now();
  const { statuses, failure } = await fuzzApi({ runs, seed });
  const perSec = Math.round(runs / ((performance.now() - startedMs) / 1000));
  process.stdout.write(`api: ${perSec}/s, by status ${JSON.stringify(statuses)}\n`);
  if (failure) fail(`api: ${failure.rule}\n${JSON.stringify(failure.request)}`);
}
