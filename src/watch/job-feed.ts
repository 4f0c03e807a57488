import type { Principal } from '../domain/actor.ts';
import type { JobRunner } from '../jobs/job-runner.ts';
import { type Feed, groupAudience, type Told } from './feed.ts';

/** How far long work is: one's own, and that of others which one may see. */
export class JobFeed implements Feed {
  readonly gapMs = 200;
  readonly #jobs: JobRunner;
  readonly #dirty = new Set<string>();

  constructor(jobs: JobRunner) {
    this.#jobs = jobs;
  }

  audienceOf(who: Principal): string {
    const { kind, userId, name } = who.actor;
    const permissions = [...who.permissions].sort().join(' ');
    return [kind, userId, name, permissions, groupAudience(who)].join('|');
  }

  async open(changed: () => void): Promise<() => void> {
    return this.#jobs.onChange(id => {
      this.#dirty.add(id);
      changed();
    });
  }

  /** Each job on its own, the oldest first; of nobody's, nothing. */
  whole(): readonly Told[] {
    return this.#jobs.ids().map(id => this.#tell(id));
  }

  changes(): readonly Told[] {
    const told = [...this.#dirty].map(id => this.#tell(id));
    this.#dirty.clear();
    return told;
  }

  #tell(id: string): Told {
    return who => {
      const job = this.#jobs.get(id, who);
      return job && { type: 'job', job };
    };
  }
}
