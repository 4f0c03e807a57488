import { type ComponentType, lazy } from 'react';
import type { Permission } from '../../contract/permissions.ts';
import { matchPath } from './lib/router.ts';
import type { IconName } from './parts/Icon.tsx';

type Params = Record<string, string>;
// Each page reads the parameters its own pattern names.
type Page = ComponentType<Record<string, string>>;

function page(load: () => Promise<unknown>, name: string): Page {
  return lazy(async () => ({ default: ((await load()) as Record<string, Page>)[name] as Page }));
}

const Sites = page(() => import('./pages/Sites.tsx'), 'Sites');
const Conferences = page(() => import('./pages/Conferences.tsx'), 'Conferences');
const CalendarPage = page(() => import('./pages/Calendar.tsx'), 'CalendarPage');
const MappingPage = page(() => import('./pages/Mapping.tsx'), 'MappingPage');
const Meetings = page(() => import('./pages/Meetings.tsx'), 'Meetings');
const Board = page(() => import('./pages/Board.tsx'), 'Board');
const Records = page(() => import('./pages/Records.tsx'), 'Records');
const Calls = page(() => import('./pages/Calls.tsx'), 'Calls');
const People = page(() => import('./pages/People.tsx'), 'People');
const Groups = page(() => import('./pages/Groups.tsx'), 'Groups');
const Account = page(() => import('./pages/Account.tsx'), 'Account');
const Audit = page(() => import('./pages/Audit.tsx'), 'Audit');
const SettingsPage = page(() => import('./pages/Settings.tsx'), 'SettingsPage');
const System = page(() => import('./pages/System.tsx'), 'System');
const ImportPage = page(() => import('./pages/Import.tsx'), 'ImportPage');
const Webhooks = page(() => import('./pages/Webhooks.tsx'), 'Webhooks');
const NotFound = page(() => import('./pages/NotFound.tsx'), 'NotFound');

interface Route {
  readonly pattern: string;
  readonly page: Page;
  readonly title: string;
}

const ROUTES: readonly Route[] = [
  { pattern: '/', page: Sites, title: 'nav.sites' },
  { pattern: '/sites', page: Sites, title: 'nav.sites' },
  { pattern: '/sites/:siteId', page: Sites, title: 'nav.sites' },
  { pattern: '/conferences', page: Conferences, title: 'nav.conferences' },
  { pattern: '/conferences/:conferenceId', page: Conferences, title: 'nav.conferences' },
  { pattern: '/calendar', page: CalendarPage, title: 'nav.calendar' },
  { pattern: '/calendar/:conferenceId', page: CalendarPage, title: 'nav.calendar' },
  { pattern: '/mapping', page: MappingPage, title: 'nav.mapping' },
  { pattern: '/meetings', page: Meetings, title: 'nav.meetings' },
  { pattern: '/meetings/:conferenceId', page: Board, title: 'nav.meetings' },
  { pattern: '/records', page: Records, title: 'nav.records' },
  { pattern: '/records/:recordId', page: Records, title: 'nav.records' },
  { pattern: '/calls', page: Calls, title: 'nav.calls' },
  { pattern: '/calls/:callId', page: Calls, title: 'nav.calls' },
  { pattern: '/people', page: People, title: 'nav.people' },
  { pattern: '/people/:userId', page: People, title: 'nav.people' },
  { pattern: '/groups', page: Groups, title: 'nav.groups' },
  { pattern: '/account', page: Account, title: 'nav.account' },
  { pattern: '/audit', page: Audit, title: 'nav.audit' },
  { pattern: '/settings', page: SettingsPage, title: 'nav.settings' },
  { pattern: '/system', page: System, title: 'nav.system' },
  { pattern: '/import', page: ImportPage, title: 'nav.import' },
  { pattern: '/webhooks', page: Webhooks, title: 'nav.webhooks' },
  { pattern: '/webhooks/:webhookId', page: Webhooks, title: 'nav.webhooks' },
];

export function pageAt(path: string): { page: Page; params: Params; title: string } {
  for (const { pattern, page, title } of ROUTES) {
    const params = matchPath(pattern, path);
    if (params) return { page, params, title };
  }
  return { page: NotFound, params: {}, title: 'notFound.title' };
}

export interface NavEntry {
  readonly to: string;
  readonly label: string;
  readonly icon: IconName;
  readonly needs?: Permission;
}

/** What the menu shows, in groups, to who may see it. */
export const NAV: readonly (readonly NavEntry[])[] = [
  [
    { to: '/sites', label: 'nav.sites', icon: 'site', needs: 'sites.read' },
    { to: '/conferences', label: 'nav.conferences', icon: 'conference', needs: 'conferences.read' },
    { to: '/calendar', label: 'nav.calendar', icon: 'calendar', needs: 'conferences.read' },
    { to: '/mapping', label: 'nav.mapping', icon: 'grid', needs: 'conferences.read' },
    { to: '/meetings', label: 'nav.meetings', icon: 'eye', needs: 'conferences.read' },
    { to: '/records', label: 'nav.records', icon: 'record', needs: 'records.read' },
    { to: '/calls', label: 'nav.calls', icon: 'call', needs: 'calls.read' },
  ],
  [
    { to: '/import', label: 'nav.import', icon: 'upload', needs: 'sites.write' },
    { to: '/people', label: 'nav.people', icon: 'people', needs: 'people.read' },
    { to: '/groups', label: 'nav.groups', icon: 'line', needs: 'people.write' },
    { to: '/audit', label: 'nav.audit', icon: 'audit', needs: 'audit.read' },
    { to: '/webhooks', label: 'nav.webhooks', icon: 'hook', needs: 'webhooks.write' },
    { to: '/system', label: 'nav.system', icon: 'health', needs: 'system.read' },
    { to: '/settings', label: 'nav.settings', icon: 'gear', needs: 'system.read' },
  ],
];
