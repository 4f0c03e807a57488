import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { SessionView } from '../../../src/contract/people.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  readonly body: any;
}

export interface AskOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a browser does with cookies and the page with the session's token, over http or https. */
export class TestBrowser {
  readonly #base: string;
  readonly cookies = new Map<string, string>();
  csrfToken: string | undefined;

  /** @param base `http://127.0.0.1:…` */
  constructor(base: string) {
    this.#base = base;
  }

  async ask(
    method: string,
    path: string,
    { body, headers = {} }: AskOptions = {},
  ): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await send(method, `${this.#base}/api/v1${path}`, body, {
      ...(cookie && { cookie }),
      ...(this.csrfToken && { 'x-csrf-token': this.csrfToken }),
      ...headers,
    });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) this.#keep(line);
    return answer;
  }

  /** Also keeps the session's token, as the page does. */
  async signIn(login: string, password: string, code?: string): Promise<Answer> {
    const answer = await this.ask('POST', '/session', { body: { login, password, code } });
    if (answer.status === 200) this.csrfToken = (answer.body as SessionView).csrfToken;
    return answer;
  }

  async setUp(setupCode: string, login: string, password: string): Promise<Answer> {
    const body = { setupCode, login, name: `Tên ${login}`, password };
    const answer = await this.ask('POST', '/setup', { body });
    if (answer.status === 201) this.csrfToken = (answer.body as SessionView).csrfToken;
    return answer;
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** One request as it is, which `fetch` would not send with an Origin or to a self-made certificate. */
export function send(
  method: string,
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  const text: string | undefined = typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method,
        rejectUnauthorized: false,
        headers: { ...(text !== undefined && described(text)), ...headers },
      },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const said = Buffer.concat(chunks).toString();
          const isJson = response.headers['content-type']?.includes('json');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: isJson && said !== '' ? JSON.parse(said) : said,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

/** Node sends none of a body's length with DELETE. */
function described(text: string) {
  return { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
}
