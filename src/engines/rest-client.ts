import { z } from 'zod';
import type { Secrets, Settings } from '../config/index.ts';
import { type ConferenceRequest, ConferenceView } from '../contract/conferences.ts';
import { pageOf } from '../contract/paging.ts';
import { SessionView } from '../contract/people.ts';
import { ErrorView, ParticipantView } from '../contract/rest.ts';
import { type SiteRequest, SiteView } from '../contract/sites.ts';

const REQUEST_TIMEOUT_MS = 5000;
const MAX_LISTED = '500';

/** The few requests `up` makes to its own gateway. */
export class RestClient {
  readonly #base: string;
  readonly #token: string;

  constructor({ http }: Pick<Settings, 'http'>, { adminToken }: Pick<Secrets, 'adminToken'>) {
    this.#base = `http://127.0.0.1:${http.port}/api/v1`;
    this.#token = adminToken;
  }

  /** Those in which all words are found. */
  async conferences(words: string): Promise<ConferenceView[]> {
    const path = `/conferences?${new URLSearchParams({ q: words, limit: MAX_LISTED })}`;
    return pageOf(ConferenceView).parse(await this.#request('GET', path)).items;
  }

  async addConference(input: ConferenceRequest): Promise<ConferenceView> {
    return ConferenceView.parse(await this.#request('POST', '/conferences', input));
  }

  /** Names of those who are in a conference now. */
  async participantNames(conferenceId: string): Promise<string[]> {
    const path = `/conferences/${encodeURIComponent(conferenceId)}/participants`;
    return z
      .array(ParticipantView)
      .parse(await this.#request('GET', path))
      .map(({ name }) => name);
  }

  async setupNeeded(): Promise<boolean> {
    return SessionView.parse(await this.#request('GET', '/session')).setupNeeded;
  }

  /** Those in which all words are found. */
  async sites(words: string): Promise<SiteView[]> {
    const path = `/sites?${new URLSearchParams({ q: words, limit: MAX_LISTED })}`;
    return pageOf(SiteView).parse(await this.#request('GET', path)).items;
  }

  async addSite(input: SiteRequest): Promise<SiteView> {
    return SiteView.parse(await this.#request('POST', '/sites', input));
  }

  async removeSite(id: string): Promise<void> {
    await this.#request('DELETE', `/sites/${encodeURIComponent(id)}`);
  }

  /** @throws Error with the API's own message when it refuses */
  async #request(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.#base + path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const content: unknown = text === '' ? undefined : JSON.parse(text);
    if (response.ok) return content;
    const refusal = ErrorView.safeParse(content);
    const reason = refusal.success ? refusal.data.error.message : `status ${response.status}`;
    throw new Error(`${method} ${path}: ${reason}`);
  }
}
