import type { Logger } from 'pino';
import { Client } from 'rtpengine-client';
import { z } from 'zod';
import { GatewayError } from '../domain/errors.ts';
import { abortable } from '../util/abort.ts';

export interface NgClientOptions {
  readonly ng: { readonly host: string; readonly port: number };
  readonly requestTimeoutMs: number;
  readonly log: Logger;
}

export type NgCommand =
  | 'offer'
  | 'answer'
  | 'delete'
  | 'query'
  | 'list'
  | 'subscribeRequest'
  | 'subscribeAnswer';

const Reply = z.looseObject({ result: z.string(), 'error-reason': z.string().optional() });
export type NgReply = z.infer<typeof Reply>;

/** One rtpengine over its ng protocol: requests with a time limit, errors in our words. */
export class NgClient {
  readonly #options: NgClientOptions;
  readonly #client: Client;

  constructor(options: NgClientOptions) {
    this.#options = options;
    this.#client = new Client({ timeout: options.requestTimeoutMs });
    // The library emits late and unknown replies as errors; each request has its own time limit.
    this.#client.on('error', err => options.log.debug({ err, engine: 'rtpengine' }, 'ng noise'));
  }

  /**
   * Sends one command; resolves also with rtpengine's own `error` results.
   *
   * @throws GatewayError `media-relay-down` when no reply comes in time
   */
  async request(command: NgCommand, options: object, signal?: AbortSignal): Promise<NgReply> {
    try {
      const reply = this.#client[command](this.#options.ng, options);
      return Reply.parse(await (signal ? abortable(reply, signal) : reply));
    } catch (cause) {
      signal?.throwIfAborted();
      throw new GatewayError('media-relay-down', 'rtpengine does not answer', {
        cause,
        details: { engine: 'rtpengine', command },
      });
    }
  }

  close(): void {
    this.#client.close();
  }
}
