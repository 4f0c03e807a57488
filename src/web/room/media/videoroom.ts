/** Everybody's pictures: our camera out on one connection, all others in on another. */
import { isComposedFeed } from '../../../contract/feeds.ts';
import type { ConnectionStats } from '../network/counters.ts';
import type { BrowserCodecs } from './codecs.ts';
import { judgeFeed, type Publisher } from './feeds.ts';
import type { Handle, JanusSession, Jsep, Message } from './janus.ts';
import { createAnswer, limitSender, replaceTrack, send, statsOf } from './janus.ts';
import { publishTrack, restartPublisher } from './publish.ts';
import { type SubscriptionChange, Subscriptions } from './subscriptions.ts';

export interface VideoRoomOptions {
  readonly roomId: string;
  readonly selfId: string;
  readonly camera: MediaStreamTrack | undefined;
  readonly maxBitrateBps: number;
  readonly codecs: BrowserCodecs;
  readonly onPicture: (feed: string, stream: MediaStream | undefined) => void;
  readonly onUndecodable: (feed: string, undecodable: boolean) => void;
  /** Our picture, or those of the others. */
  readonly onTrouble: (which: 'camera' | 'pictures', isTroubled: boolean) => void;
  readonly onFailed: () => void;
}

export class VideoRoom {
  readonly #session: JanusSession;
  readonly #options: VideoRoomOptions;
  readonly #subscriptions: Subscriptions;
  /** Feeds this browser can show, with the m-line of each. */
  readonly #showable = new Map<string, string>();
  /** Feeds that are on the page; the others are not fetched. */
  #onPage: ReadonlySet<string> = new Set();
  /** m-line of our subscription → feed it carries. */
  readonly #feedByMid = new Map<string, string>();
  #publisher: Handle | undefined;
  #subscriber: Handle | undefined;
  #negotiated: (() => void) | undefined;

  constructor(session: JanusSession, options: VideoRoomOptions) {
    this.#session = session;
    this.#options = options;
    this.#subscriptions = new Subscriptions(
      change => this.#negotiate(change),
      () => options.onFailed(),
    );
  }

  /** Joins, shows what is there and publishes the camera, if there is one. */
  async join(): Promise<void> {
    this.#publisher = await this.#session.attach('videoroom', {
      onMessage: (message, jsep) => this.#onPublisherMessage(message, jsep),
      restartIce: async () => this.#publisher && restartPublisher(this.#publisher),
      onTrouble: isTroubled => this.#options.onTrouble('camera', isTroubled),
      onFailed: this.#options.onFailed,
    });
    await send(this.#publisher, {
      request: 'join',
      ptype: 'publisher',
      room: this.#options.roomId,
    });
  }

  /** Fetches the pictures of these feeds, and of the composed one, and of no others. */
  show(feeds: ReadonlySet<string>): void {
    this.#onPage = feeds;
    for (const [feed, mid] of this.#showable) this.#fetch(feed, mid);
  }

  /** Shows another camera; false where it takes joining anew, as none was there before. */
  async changeCamera(camera: MediaStreamTrack | undefined): Promise<boolean> {
    return this.#publisher !== undefined && (await replaceTrack(this.#publisher, 'video', camera));
  }

  stats(): Promise<ConnectionStats[]> {
    return Promise.all([statsOf('camera', this.#publisher), statsOf('pictures', this.#subscriber)]);
  }

  /** Sends our picture smaller, or as large as it is again. */
  limit(encoding: { scaleResolutionDownBy: number; maxBitrate: number }): Promise<void> {
    return limitSender(this.#publisher, 'video', encoding);
  }

  #fetch(feed: string, mid: string): void {
    if (this.#onPage.has(feed) || isComposedFeed(feed))
      return this.#subscriptions.want({ feed, mid });
    this.#subscriptions.drop(feed);
    this.#options.onPicture(feed, undefined);
  }

  #onPublisherMessage(message: Message, jsep: Jsep | undefined): void {
    const { publishers, unpublished, leaving, videoroom } = message;
    for (const publisher of (publishers ?? []) as Publisher[]) this.#onPublisher(publisher);
    for (const feed of [unpublished, leaving])
      if (typeof feed === 'string' && feed !== 'ok') this.#onGone(feed);
    if (videoroom === 'joined') void this.#publish();
    if (jsep) this.#publisher?.handleRemoteJsep({ jsep });
  }

  #onPublisher(publisher: Publisher): void {
    const { id } = publisher;
    const { selfId, codecs } = this.#options;
    const verdict = judgeFeed(publisher, { id: selfId, decodes: codecs.decodes });
    if (verdict.kind === 'none') return this.#onGone(id);
    this.#options.onUndecodable(id, verdict.kind === 'undecodable');
    if (verdict.kind !== 'shown') {
      this.#showable.delete(id);
      return this.#subscriptions.drop(id);
    }
    this.#showable.set(id, verdict.mid);
    this.#fetch(id, verdict.mid);
  }

  #onGone(feed: string): void {
    this.#showable.delete(feed);
    this.#subscriptions.drop(feed);
    this.#options.onUndecodable(feed, false);
    this.#options.onPicture(feed, undefined);
  }

  async #publish(): Promise<void> {
    const { camera, maxBitrateBps, codecs } = this.#options;
    if (!camera || !this.#publisher) return;
    await publishTrack(this.#publisher, camera, { maxBitrateBps, codec: codecs.sends });
  }

  /** The room server offers here, so it has to be asked for another offer. */
  async #restartSubscriber(): Promise<void> {
    if (this.#subscriber) await send(this.#subscriber, { request: 'configure', restart: true });
  }

  /** Carries one change of subscriptions out; the first one joins. */
  async #negotiate({ subscribe, unsubscribe }: SubscriptionChange): Promise<void> {
    const settled = new Promise<void>(resolve => {
      this.#negotiated = resolve;
    });
    if (!this.#subscriber) {
      this.#subscriber = await this.#session.attach('videoroom', {
        onMessage: (message, jsep) => void this.#onSubscriberMessage(message, jsep),
        onTrack: (track, mid, on) => this.#onTrack(track, mid, on),
        restartIce: () => this.#restartSubscriber(),
        onTrouble: isTroubled => this.#options.onTrouble('pictures', isTroubled),
        onFailed: this.#options.onFailed,
      });
      const room = this.#options.roomId;
      await send(this.#subscriber, {
        request: 'join',
        ptype: 'subscriber',
        room,
        streams: subscribe,
      });
    } else {
      await send(this.#subscriber, {
        request: 'update',
        ...(subscribe.length > 0 && { subscribe }),
        ...(unsubscribe.length > 0 && { unsubscribe: unsubscribe.map(({ feed }) => ({ feed })) }),
      });
    }
    await settled;
  }

  async #onSubscriberMessage(message: Message, jsep: Jsep | undefined): Promise<void> {
    const { streams, videoroom } = message;
    if (Array.isArray(streams)) this.#learnFeeds(streams);
    if (jsep && this.#subscriber) {
      const answer = await createAnswer(this.#subscriber, jsep);
      await send(this.#subscriber, { request: 'start' }, answer);
    }
    const isEnd = jsep !== undefined || videoroom === 'updated' || message.error_code !== undefined;
    if (isEnd) this.#negotiated?.();
  }

  #learnFeeds(streams: readonly { mid: string; feed_id?: string; active?: boolean }[]): void {
    for (const { mid, feed_id, active } of streams) {
      if (feed_id !== undefined && active !== false) this.#feedByMid.set(mid, feed_id);
      else this.#feedByMid.delete(mid);
    }
  }

  #onTrack(track: MediaStreamTrack, mid: string, on: boolean): void {
    const feed = this.#feedByMid.get(mid);
    if (feed === undefined || track.kind !== 'video' || !on) return;
    this.#options.onPicture(feed, new MediaStream([track]));
  }
}
