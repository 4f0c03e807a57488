import type { Secrets, Settings } from '../config/index.ts';
import { adminTokenFile } from '../config/index.ts';
import type { ConferenceView } from '../contract/conferences.ts';
import { setupCodeOf } from '../people/random-words.ts';
import { logDir } from './system.ts';

/** What a person needs once everything runs: where to point a browser and a codec. */
export function banner(
  settings: Settings,
  secrets: Secrets,
  conferences: readonly Pick<ConferenceView, 'name' | 'alias' | 'number'>[],
  setupNeeded: boolean,
): string {
  const { publicHost, http, sip } = settings;
  const lines = conferences.flatMap(({ name, alias, number }) => [
    `  ${name}`,
    `    browser     https://${publicHost}:${http.httpsPort}/c/${alias}`,
    `                http://localhost:${http.port}/c/${alias} on this machine`,
    `    room codec  dials ${number}@${publicHost}${sip.port === 5060 ? '' : `:${sip.port}`} (SIP, UDP or TCP)`,
    '',
  ]);
  return [
    '',
    'Điểm Cầu is running.',
    '',
    ...lines,
    ...facts(settings, secrets, setupNeeded),
    '',
  ].join('\n');
}

/** Where the first administrator is made; the code stands where no server and no log sees it. */
export function setupLink({ publicHost, http }: Settings, { accountsSecret }: Secrets): string {
  const code = setupCodeOf(accountsSecret);
  return `https://${publicHost}:${http.httpsPort}/admin#setup=${code}`;
}

function facts(settings: Settings, secrets: Secrets, setupNeeded: boolean): string[] {
  const { adminToken, adminTokenIsNew } = secrets;
  const { publicHost, http, sip, dataDir } = settings;
  const token = adminTokenIsNew
    ? [`  admin token   ${adminToken} (shown once; kept in ${adminTokenFile(dataDir)})`]
    : [];
  const administration = setupNeeded
    ? [
        `  first step    ${setupLink(settings, secrets)}`,
        '                makes the administrator’s account',
      ]
    : [`  administrator https://${publicHost}:${http.httpsPort}/admin`];
  return [
    ...administration,
    `  SIP server    ${publicHost}:${sip.port}, for codecs that register`,
    `  REST          https://${publicHost}:${http.httpsPort}/api/v1`,
    ...token,
    `  logs          ${logDir(settings)}`,
    '',
    '  The certificate is self-made unless one is configured: a browser asks once.',
    '  Ctrl-C stops everything.',
  ];
}
