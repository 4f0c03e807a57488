import type { RecordFormat, RecordLanguage, RollChange } from '../../contract/records.ts';
import { ErrorView } from '../../contract/rest.ts';
import type { NamedFile } from '../shared/save-file.ts';
import { ActError } from './events.ts';

/** What a chair does with the roll; the page hears of each change over `/events`. */
export interface RollApi {
  /** @throws ActError, as all of these */
  start(): Promise<void>;
  mark(rowId: string, change: RollChange): Promise<void>;
  markRestAbsent(): Promise<void>;
  sign(name: string): Promise<void>;
  file(format: RecordFormat, language: RecordLanguage): Promise<NamedFile>;
}

/** @param token of the visit; undefined while it is not connected */
export function rollApi(token: () => string | undefined): RollApi {
  const ask = async (path: string, body: object = {}): Promise<Response> => {
    const proof = token();
    if (proof === undefined) throw new ActError('network');
    return answered(await post(`/api/v1/visit/roll-call${path}`, { token: proof, ...body }));
  };
  return {
    start: async () => void (await ask('')),
    mark: async (rowId, change) => void (await ask('/mark', { rowId, ...change })),
    markRestAbsent: async () => void (await ask('/rest-absent')),
    sign: async name => void (await ask('/sign', { name })),
    file: async (format, language) => fileOf(await ask('/file', { format, language }), format),
  };
}

/**
 * The record of a meeting that one was a chair of, also when it is over.
 *
 * @param ticket as it came over `/events`
 * @throws ActError
 */
export async function recordFile(
  ticket: string,
  format: RecordFormat,
  language: RecordLanguage,
): Promise<NamedFile> {
  const answer = await answered(await post('/api/v1/record-file', { ticket, format, language }));
  return fileOf(answer, format);
}

async function fileOf(answer: Response, format: RecordFormat): Promise<NamedFile> {
  const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1];
  return { name: name ?? `bien-ban.${format}`, content: await answer.blob() };
}

async function post(path: string, body: object): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  try {
    return await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  } catch {
    throw new ActError('network');
  }
}

/** @throws ActError with the code the gateway gave */
async function answered(response: Response): Promise<Response> {
  if (response.ok) return response;
  const parsed = ErrorView.safeParse(await response.json().catch(() => undefined));
  throw new ActError(parsed.success ? parsed.data.error.code : 'unknown');
}
