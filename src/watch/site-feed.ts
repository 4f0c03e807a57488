import type { CallList } from '../calls/call-list.ts';
import type { LiveConferences } from '../conferences/live-conferences.ts';
import type { SiteStatus } from '../contract/admin-events.ts';
import { type Principal, seesGroup } from '../domain/actor.ts';
import type { Site } from '../domain/site.ts';
import type { Presence } from '../sites/presence.ts';
import { siteStatuses } from '../sites/site-status.ts';
import { type Feed, groupAudience, type Told } from './feed.ts';
import { LastTold } from './last-told.ts';
import type { StoredChanges } from './ports.ts';

/** A site, and which group it belongs to. */
export type WatchedSite = Pick<Site, 'id' | 'endpoints'> & { readonly groupId?: string };

export interface SiteFeedDeps {
  readonly sites: { listSites(): Promise<readonly WatchedSite[]> };
  readonly stored: StoredChanges;
  readonly presence: Pick<Presence, 'status' | 'onChange'>;
  readonly calls: Pick<CallList, 'list' | 'onChange'>;
  readonly conferences: Pick<LiveConferences, 'list' | 'on'>;
  readonly onError: (err: unknown) => void;
}

/** How all sites are. */
export class SiteFeed implements Feed {
  readonly gapMs = 100;
  readonly #deps: SiteFeedDeps;
  readonly #told = new LastTold<SiteStatus>();
  #sites: readonly WatchedSite[] = [];

  constructor(deps: SiteFeedDeps) {
    this.#deps = deps;
  }

  audienceOf(who: Principal): string | undefined {
    return who.permissions.has('sites.read') ? groupAudience(who) : undefined;
  }

  async open(changed: () => void): Promise<() => void> {
    const { stored, presence, calls, conferences, onError } = this.#deps;
    const load = async () => {
      this.#sites = await this.#deps.sites.listSites();
      changed();
    };
    const undo = [
      stored.onStored(({ entity }) => {
        if (entity === 'site') load().catch(onError);
      }),
      presence.onChange(changed),
      calls.onChange(changed),
      // A line that became poor; what else a roster tells is not told again when it is the same.
      conferences.on('roster', changed),
    ];
    await load();
    this.#told.changed(this.#statuses());
    return () => {
      for (const stop of undo) stop();
    };
  }

  whole(): readonly Told[] {
    return [this.#tell(this.#statuses(), true)];
  }

  changes(): readonly Told[] {
    const changed = this.#told.changed(this.#statuses());
    return changed.length > 0 ? [this.#tell(changed, false)] : [];
  }

  #statuses(): SiteStatus[] {
    return siteStatuses(this.#sites, this.#deps);
  }

  #tell(statuses: readonly SiteStatus[], whole: boolean): Told {
    const groupOf = new Map<string, string | undefined>(
      this.#sites.map(({ id, groupId }) => [id, groupId]),
    );
    return who => {
      const sites = statuses.filter(({ id }) => seesGroup(who, groupOf.get(id)));
      return whole || sites.length > 0 ? { type: 'sites', whole, sites } : undefined;
    };
  }
}
