import type { Client } from './client.ts';
import { Drafts } from './drafts.ts';
import { Live, type Socket } from './live.ts';
import { Mapping } from './mapping.ts';
import { Notices } from './notices.ts';
import { Preferences } from './preferences.ts';
import { Router } from './router.ts';
import { Session } from './session.ts';

/** Everything the pages share. */
export interface App {
  readonly session: Session;
  readonly client: Client;
  readonly live: Live;
  readonly router: Router;
  readonly drafts: Drafts;
  /** Which sites are to be in which conferences; kept while one looks at other pages. */
  readonly mapping: Mapping;
  readonly notices: Notices;
  readonly preferences: Preferences;
}

export function createApp(window: Window): App {
  const session = new Session((input, init) => window.fetch(input, init));
  const live = new Live({
    open: () => new WebSocket(socketUrl(window.location)) as Socket,
    later: (run, delayMs) => {
      const timer = window.setTimeout(run, delayMs);
      return () => window.clearTimeout(timer);
    },
    onSessionEnded: () => session.expire(),
  });
  const drafts = new Drafts(window.sessionStorage);
  const mapping = new Mapping();
  window.addEventListener('beforeunload', event => {
    if (drafts.isAnyDirty || mapping.isDirty) event.preventDefault();
  });
  keepLiveWhileSignedIn(session, live);
  return {
    ...{ session, client: session.client, live, drafts, mapping },
    router: new Router(window),
    notices: new Notices(),
    preferences: new Preferences(window),
  };
}

function keepLiveWhileSignedIn(session: Session, live: Live): void {
  session.store.subscribe(() => {
    const { phase } = session.store.get();
    if (phase === 'signed-in') live.start();
    else if (phase === 'signed-out' || phase === 'expired') live.stop();
  });
}

function socketUrl({ protocol, host }: Location): string {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/admin/events`;
}
