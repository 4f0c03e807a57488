import type { ImportKind, JobView, WebhookInput, WebhookView } from '../contract/jobs.ts';
import type { Page } from '../contract/paging.ts';
import type { Principal } from '../domain/actor.ts';

/** A file that is sent. */
export interface SentFile {
  readonly content: Buffer;
  readonly type: string;
  readonly extension: string;
}

/** Long work and who is told of events, as the API asks for them. */
export interface WorkCore {
  readonly imports: {
    start(
      by: Principal,
      wish: {
        readonly kind: ImportKind;
        readonly file: Buffer;
        readonly dryRun: boolean;
        readonly skipFaulty: boolean;
      },
    ): Promise<JobView>;
    export(by: Principal, kind: ImportKind, format: 'csv' | 'xlsx'): Promise<SentFile>;
    template(kind: ImportKind, format: 'csv' | 'xlsx'): Promise<SentFile>;
  };
  readonly jobs: {
    get(id: string, who: Principal): JobView | undefined;
    /** False when there is none that `who` may see. */
    cancel(id: string, who: Principal): boolean;
  };
  readonly webhooks: {
    list(query: {
      readonly q?: string | undefined;
      readonly sort: 'name' | '-name' | 'createdAtMs' | '-createdAtMs';
      readonly limit: number;
      readonly offset: number;
    }): Promise<Page<WebhookView>>;
    create(by: Principal, input: WebhookInput): Promise<WebhookView & { readonly secret: string }>;
    update(
      by: Principal,
      id: string,
      patch: Partial<WebhookInput> & { readonly version: number },
    ): Promise<WebhookView | undefined>;
    delete(by: Principal, id: string): Promise<boolean>;
  };
}
