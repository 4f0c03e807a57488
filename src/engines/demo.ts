import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Settings, writePrivateFile } from '../config/index.ts';
import type { ConferenceRequest, ConferenceView } from '../contract/conferences.ts';
import { Cleanup } from '../util/cleanup.ts';
import { writeBaresipConfig } from './baresip-config.ts';
import { ensureMovingPicture } from './demo-picture.ts';
import { Engine, type EngineObserver, type EngineSpec } from './engine.ts';
import type { RestClient } from './rest-client.ts';
import { logDir } from './system.ts';

export const DEMO_CONFERENCE: ConferenceRequest = { name: 'Demo', number: '9000', alias: 'demo' };

/** The simulated sites, two so that each has somebody to see. */
const DEMO_SITES = [
  {
    username: 'demo-1',
    name: 'Điểm cầu Lào Cai',
    colour: '0x1e5a8c',
    toneHz: 440,
    controlPort: 19_441,
  },
  {
    username: 'demo-2',
    name: 'Điểm cầu Cà Mau',
    colour: '0x8c3a1e',
    toneHz: 660,
    controlPort: 19_442,
  },
] as const;

type DemoSite = (typeof DEMO_SITES)[number];

const PICTURE_SECONDS = 60;
/** Some two hours, for whoever looks around. */
const PICTURE_REPEATS = Math.ceil(7200 / PICTURE_SECONDS);
const PASSWORD_BYTES = 18;

/**
 * Makes the demonstration's conference and sites where they are missing and
 * dials the sites in; each is a baresip with a picture, a name and a tone.
 *
 * @throws EngineError when a site does not get into the conference
 */
export async function startDemo(
  settings: Settings,
  rest: RestClient,
  observer: EngineObserver,
  signal: AbortSignal,
): Promise<{ close(): Promise<Error[]> }> {
  const cleanup = new Cleanup();
  const password = demoPassword(settings);
  const conference = await ensureConference(rest);
  await ensureSites(rest, password);
  try {
    for (const site of DEMO_SITES) {
      signal.throwIfAborted();
      const spec = siteEngine(site, settings, password.value, conference, rest);
      const engine = new Engine(spec, logDir(settings), observer);
      cleanup.add(site.username, () => engine.stop());
      await engine.start();
    }
  } catch (err) {
    await cleanup.close();
    throw err;
  }
  return { close: () => cleanup.close() };
}

/** The sites' common SIP password, kept so that a second start finds its sites again. */
function demoPassword(settings: Settings): { value: string; isNew: boolean } {
  const folder = join(settings.dataDir, 'demo');
  const file = join(folder, 'password');
  if (existsSync(file)) return { value: readFileSync(file, 'utf8').trim(), isNew: false };
  mkdirSync(folder, { recursive: true });
  const value = randomBytes(PASSWORD_BYTES).toString('base64url');
  writePrivateFile(file, `${value}\n`);
  return { value, isNew: true };
}

async function ensureConference(rest: RestClient): Promise<ConferenceView> {
  const known = (await rest.conferences(DEMO_CONFERENCE.alias)).find(
    ({ alias }) => alias === DEMO_CONFERENCE.alias,
  );
  return known ?? rest.addConference(DEMO_CONFERENCE);
}

/** Sites with a password nobody knows any more are made anew. */
async function ensureSites(rest: RestClient, password: { value: string; isNew: boolean }) {
  for (const { username, name } of DEMO_SITES) {
    const known = await rest.sites(username);
    const site = known.find(({ endpoints }) => endpoints.some(e => e.sipUsername === username));
    if (site && !password.isNew) continue;
    if (site) await rest.removeSite(site.id);
    await rest.addSite({
      name,
      endpoints: [{ sipUsername: username, sipPassword: password.value }],
    });
  }
}

/** Healthy when its name is in the conference. */
function siteEngine(
  site: DemoSite,
  settings: Settings,
  password: string,
  conference: ConferenceView,
  rest: RestClient,
): EngineSpec {
  const { publicHost, sip, dataDir } = settings;
  const folder = join(dataDir, 'demo', site.username);
  const videoFile = join(dataDir, 'demo', `${site.username}.mp4`);
  const target = `sip:${conference.number}@${publicHost}:${sip.port}`;
  return {
    name: site.username,
    command: {
      file: 'baresip',
      args: ['-4', '-f', folder, '-e', `/dial ${target}`],
      orphanSignal: 'SIGTERM',
    },
    prepare: async () => {
      const title = site.name;
      await ensureMovingPicture(videoFile, {
        title,
        colour: site.colour,
        seconds: PICTURE_SECONDS,
        repeats: PICTURE_REPEATS,
      });
      writeBaresipConfig({
        folder,
        localHost: publicHost,
        sipPort: 0,
        controlPort: site.controlPort,
        account: {
          username: site.username,
          password,
          serverHost: publicHost,
          serverPort: sip.port,
          transport: 'udp',
          registrationSec: 300,
          audioCodecs: ['PCMA/8000/1'],
        },
        toneHz: site.toneHz,
        videoFile,
        record: false,
        answers: true,
        redials: true,
      });
    },
    probe: async () => {
      const names = await rest.participantNames(conference.id);
      if (!names.includes(site.name)) throw new Error('not in the conference yet');
    },
  };
}
