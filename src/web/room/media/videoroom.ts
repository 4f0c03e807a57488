/** Everybody's pictures: our camera out on one connection, all others in on another. */
import { isComposedFeed } from '../../../contract/feeds.ts';
import { type ConnectionStats, packetsByMid } from '../network/counters.ts';
import { pictureLimits } from '../network/picture-limits.ts';
import type { PictureStep } from '../network/uplink.ts';
import type { BrowserCodecs } from './codecs.ts';
import { judgeFeed, type Publisher } from './feeds.ts';
import type { Handle, JanusSession, Jsep, Message } from './janus.ts';
import { createAnswer, limitSender, receivedTrack, replaceTrack, send, statsOf } from './janus.ts';
import { LayerChoice } from './layer-choice.ts';
import { sizesOf } from './layers.ts';
import { type LineView, Pictures } from './pictures.ts';
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
  readonly #pictures: Pictures;
  readonly #layers = new LayerChoice();
  #publisher: Handle | undefined;
  #subscriber: Handle | undefined;
  /** The room server has taken our first subscription. */
  #isSubscribed = false;
  /** Told whether the room server has taken the change that is under way. */
  #negotiated: ((isTaken: boolean) => void) | undefined;

  constructor(session: JanusSession, options: VideoRoomOptions) {
    this.#session = session;
    this.#options = options;
    this.#subscriptions = new Subscriptions(
      change => this.#negotiate(change),
      () => options.onFailed(),
    );
    this.#pictures = new Pictures({
      trackOf: mid => receivedTrack(this.#subscriber, mid),
      onPicture: (feed, track) => options.onPicture(feed, track && new MediaStream([track])),
    });
  }

  /** In how many sizes our camera is sent. */
  get sizes(): number {
    return sizesOf(this.#options.codecs.sends);
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

  /**
   * Fetches the pictures of these feeds, and of the composed one, and of no others.
   *
   * @param small those of them that are shown small
   */
  show(feeds: ReadonlySet<string>, small: ReadonlySet<string>): void {
    this.#onPage = feeds;
    for (const [feed, mid] of this.#showable) this.#fetch(feed, mid);
    this.#layers.show(small);
    void this.#chooseLayers();
  }

  /** Shows another camera; false where it takes joining anew, as none was there before. */
  async changeCamera(camera: MediaStreamTrack | undefined): Promise<boolean> {
    return this.#publisher !== undefined && (await replaceTrack(this.#publisher, 'video', camera));
  }

  /** Notes on the way which sizes do not come. */
  async stats(): Promise<ConnectionStats[]> {
    const [camera, pictures] = await Promise.all([
      statsOf('camera', this.#publisher),
      statsOf('pictures', this.#subscriber),
    ]);
    this.#layers.came(packetsByMid(pictures));
    void this.#chooseLayers();
    return [camera, pictures];
  }

  /** Sends as much of our picture as a step of a bad line leaves. */
  limit(step: PictureStep, maxBitrateBps: number): Promise<void> {
    return limitSender(this.#publisher, 'video', sizes =>
      pictureLimits(step, sizes, maxBitrateBps),
    );
  }

  #fetch(feed: string, mid: string): void {
    if (!this.#onPage.has(feed) && !isComposedFeed(feed)) return this.#drop(feed);
    this.#pictures.want(feed);
    this.#subscriptions.want({ feed, mid });
  }

  #drop(feed: string): void {
    this.#subscriptions.drop(feed);
    this.#pictures.drop(feed);
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
      return this.#drop(id);
    }
    this.#showable.set(id, verdict.mid);
    this.#layers.published(id, verdict.isLayered);
    this.#fetch(id, verdict.mid);
  }

  #onGone(feed: string): void {
    this.#showable.delete(feed);
    this.#drop(feed);
    this.#options.onUndecodable(feed, false);
  }

  async #publish(): Promise<void> {
    const { camera, maxBitrateBps, codecs } = this.#options;
    if (!camera || !this.#publisher) return;
    const terms = { maxBitrateBps, codec: codecs.sends, sizes: this.sizes };
    await publishTrack(this.#publisher, camera, terms);
  }

  /** The room server offers here, so it has to be asked for another offer. */
  async #restartSubscriber(): Promise<void> {
    if (this.#subscriber) await send(this.#subscriber, { request: 'configure', restart: true });
  }

  /** Carries one change of subscriptions out, the first as joining; false when it is refused. */
  async #negotiate({ subscribe, unsubscribe }: SubscriptionChange): Promise<boolean> {
    const settled = new Promise<boolean>(resolve => {
      this.#negotiated = resolve;
    });
    this.#subscriber ??= await this.#session.attach('videoroom', {
      onMessage: (message, jsep) => void this.#onSubscriberMessage(message, jsep),
      restartIce: () => this.#restartSubscriber(),
      onTrouble: isTroubled => this.#options.onTrouble('pictures', isTroubled),
      onFailed: this.#options.onFailed,
    });
    const room = this.#options.roomId;
    const join = { request: 'join', ptype: 'subscriber', room, streams: subscribe };
    const update = {
      request: 'update',
      ...(subscribe.length > 0 && { subscribe }),
      ...(unsubscribe.length > 0 && { unsubscribe: unsubscribe.map(({ feed }) => ({ feed })) }),
    };
    await send(this.#subscriber, this.#isSubscribed ? update : join);
    const isTaken = await settled;
    this.#isSubscribed ||= isTaken;
    return isTaken;
  }

  async #onSubscriberMessage(message: Message, jsep: Jsep | undefined): Promise<void> {
    const { streams, videoroom, error_code: problem } = message;
    if (Array.isArray(streams)) this.#pictures.learn(streams as LineView[]);
    try {
      if (jsep && this.#subscriber) {
        const answer = await createAnswer(this.#subscriber, jsep);
        await send(this.#subscriber, { request: 'start' }, answer);
      }
    } catch {
      return this.#options.onFailed();
    }
    this.#pictures.tell();
    const isEnd = jsep !== undefined || videoroom === 'updated' || problem !== undefined;
    if (!isEnd) return;
    await this.#chooseLayers();
    this.#negotiated?.(problem === undefined);
  }

  /** Never rejects: what is refused comes in the size it had before. */
  async #chooseLayers(): Promise<void> {
    if (!this.#subscriber) return;
    const streams = this.#layers.changes(this.#pictures.feedByMid);
    if (streams.length === 0) return;
    await send(this.#subscriber, { request: 'configure', streams }).catch(() => undefined);
  }
}
