/**
 * What administrators' pages watch: the state of sites, meetings, people, engines and jobs, and
 * that something stored has changed. Nothing is looked at that nobody watches. Start reading at
 * `watch`; what can be watched stands in the `*-feed.ts` files.
 */
import type { Logger } from 'pino';
import { Channel, type Watcher } from './channel.ts';
import type { Feed } from './feed.ts';

export interface WatchHubDeps {
  /** What a topic is about; undefined for one that there is not. */
  readonly feedOf: (topic: string) => Feed | undefined;
  readonly log: Logger;
}

export class WatchHub {
  readonly #deps: WatchHubDeps;
  readonly #channels = new Map<string, Channel>();

  constructor(deps: WatchHubDeps) {
    this.#deps = deps;
  }

  /** Tells all there is of these topics, and then each change, until the returned function is called. */
  watch(watcher: Watcher, topics: readonly string[]): () => void {
    const own = [...new Set(topics)].filter(topic => this.#channel(topic));
    for (const topic of own) this.#channels.get(topic)?.add(watcher);
    return () => {
      for (const topic of own) this.#leave(topic, watcher);
    };
  }

  close(): void {
    for (const channel of this.#channels.values()) channel.close();
    this.#channels.clear();
  }

  #channel(topic: string): Channel | undefined {
    const known = this.#channels.get(topic);
    if (known) return known;
    const feed = this.#deps.feedOf(topic);
    if (!feed) return undefined;
    const channel = new Channel(feed, this.#deps.log.child({ topic }));
    this.#channels.set(topic, channel);
    return channel;
  }

  #leave(topic: string, watcher: Watcher): void {
    const channel = this.#channels.get(topic);
    channel?.remove(watcher);
    if (!channel?.isEmpty) return;
    channel.close();
    this.#channels.delete(topic);
  }
}
