import { COMPOSED_PAYLOAD_TYPE, type StageOrder } from '../../contract/stage.ts';
import type { PortPairs } from '../rtp/port-pairs.ts';
import { Feed } from './feed.ts';

/** The composed picture as a feed for browsers that cannot decode H.264. */
export class ComposedFeed {
  readonly kind = 'composed' as const;
  readonly id: string;
  readonly feed: Feed;

  private constructor(id: string, feed: Feed) {
    this.id = id;
    this.feed = feed;
  }

  /** Opens its port pair; `close` frees it. @throws PortsExhausted */
  static async open(
    { participantId: id, resume }: Pick<StageOrder<'composed.add'>, 'participantId' | 'resume'>,
    ports: PortPairs,
  ): Promise<ComposedFeed> {
    const pair = await ports.open({ rtpPort: resume?.feedRtpPort });
    const names = { cname: `diemcau-${id}`, payloadType: COMPOSED_PAYLOAD_TYPE };
    return new ComposedFeed(id, new Feed(pair, { ...names, from: resume?.feed }));
  }

  close(): void {
    this.feed.close();
  }
}
