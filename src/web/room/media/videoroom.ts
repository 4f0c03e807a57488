/** Everybody's pictures: our camera out on one connection, all others in on another. */
import type { Handle, JanusSession, Jsep, Message } from './janus.ts';
import { createAnswer, createOffer, send } from './janus.ts';
import { type SubscriptionChange, Subscriptions } from './subscriptions.ts';

export interface VideoRoomOptions {
  readonly roomId: string;
  readonly camera: MediaStreamTrack | undefined;
  readonly maxBitrateBps: number;
  /** Codecs this browser decodes, in small letters. */
  readonly decodes: ReadonlySet<string>;
  readonly onPicture: (feed: string, stream: MediaStream | undefined) => void;
  readonly onUndecodable: (feed: string, undecodable: boolean) => void;
  readonly onFailed: () => void;
}

interface Publisher {
  readonly id: string;
  readonly streams?: readonly { type: string; mid: string; codec?: string; disabled?: boolean }[];
}

export class VideoRoom {
  readonly #session: JanusSession;
  readonly #options: VideoRoomOptions;
  readonly #subscriptions: Subscriptions;
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
      onFailed: this.#options.onFailed,
    });
    await send(this.#publisher, {
      request: 'join',
      ptype: 'publisher',
      room: this.#options.roomId,
    });
  }

  #onPublisherMessage(message: Message, jsep: Jsep | undefined): void {
    const { publishers, unpublished, leaving, videoroom } = message;
    for (const publisher of (publishers ?? []) as Publisher[]) this.#onPublisher(publisher);
    for (const feed of [unpublished, leaving])
      if (typeof feed === 'string' && feed !== 'ok') this.#onGone(feed);
    if (videoroom === 'joined') void this.#publish();
    if (jsep) this.#publisher?.handleRemoteJsep({ jsep });
  }

  #onPublisher({ id, streams }: Publisher): void {
    const camera = streams?.find(stream => stream.type === 'video' && !stream.disabled);
    if (!camera) return this.#onGone(id);
    const decodable = this.#options.decodes.has((camera.codec ?? '').toLowerCase());
    this.#options.onUndecodable(id, !decodable);
    if (decodable) this.#subscriptions.want({ feed: id, mid: camera.mid });
  }

  #onGone(feed: string): void {
    this.#subscriptions.drop(feed);
    this.#options.onUndecodable(feed, false);
    this.#options.onPicture(feed, undefined);
  }

  async #publish(): Promise<void> {
    const { camera, maxBitrateBps } = this.#options;
    if (!camera || !this.#publisher) return;
    const sendEncodings = [{ maxBitrate: maxBitrateBps }];
    const track = {
      type: 'video',
      capture: camera,
      recv: false,
      dontStop: true,
      sendEncodings,
    } as const;
    const offer = await createOffer(this.#publisher, [track]);
    await send(this.#publisher, { request: 'publish', bitrate: maxBitrateBps }, offer);
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
