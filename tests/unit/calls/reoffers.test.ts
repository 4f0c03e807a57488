import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EndpointMedia } from '../../../src/calls/endpoint-media.ts';
import { Reoffers } from '../../../src/calls/reoffers.ts';
import { GatewayError } from '../../../src/domain/errors.ts';

describe('our own offer in a running call', () => {
  /** What became of the media, in order. */
  let done: string[];
  let answer: PromiseWithResolvers<string>;
  let reoffers: Reoffers;

  beforeEach(() => {
    done = [];
    answer = Promise.withResolvers<string>();
    const media = {
      reoffer: () => 'ours',
      accept: async (offered: string, answered: string) =>
        void done.push(`accepted ${answered} to ${offered}`),
      reopen: async (offered: string) => {
        done.push(`answered ${offered}`);
        return 'our answer';
      },
      publishFeed: async () => undefined,
    } as unknown as EndpointMedia;
    const reoffer = async (offered: string) => {
      done.push(`offered ${offered}`);
      return answer.promise;
    };
    const onChange = () => void done.push('told');
    const log = pino({ level: 'silent' });
    reoffers = new Reoffers({ media, leg: { reoffer } }, { onChange, timeoutMs: 5000, log });
  });

  it('is what stands, and its answer is taken', async () => {
    const renegotiated = reoffers.renegotiate();
    answer.resolve('theirs');
    await renegotiated;
    expect(done).toEqual(['offered ours', 'accepted theirs to ours', 'told']);
  });

  it('refused, changes nothing', async () => {
    const refused = reoffers.renegotiate();
    answer.reject(new GatewayError('offer-refused', 'peer refused our offer with 488'));
    await expect(refused).rejects.toMatchObject({ code: 'offer-refused' });
    expect(done).toEqual(['offered ours']);
    expect(await reoffers.answer('theirs anew')).toBe('our answer');
  });

  it('is over before one of the peer is looked at', async () => {
    const renegotiated = reoffers.renegotiate();
    const answered = reoffers.answer('theirs anew');
    answer.resolve('theirs');
    await Promise.all([renegotiated, answered]);
    expect(done.indexOf('answered theirs anew')).toBe(3);
  });
});
