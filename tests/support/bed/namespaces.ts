import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

/**
 * The bed's network, one namespace each; phones come and go on the hall's bridge:
 *
 *   phone ──┐
 *   phone ──┴─ hall (codecs) ── 10.77.0.0/24 ── core (the system) ── 10.78.0.0/24 ── office (browsers)
 */
const PLACES = ['core', 'hall', 'office'] as const;
export type Place = (typeof PLACES)[number] | `phone${number}`;

/** The system's address, reached from both other places. */
export const CORE_HOST = '10.77.0.1';
/** Addresses of the hall itself, for scripted endpoints that choose their own. */
export const HALL_HOSTS = [2, 3, 4, 5, 6, 7, 8, 9].map(last => `10.77.0.${last}`);
/** The system, as the office's own network has it. */
export const CORE_OFFICE_HOST = '10.78.0.1';
export const OFFICE_HOST = '10.78.0.2';
/** Name of the hall's link, at its own end and at the core's. */
export const HALL_LINK = { hall: 'eth0', core: 'hall0' } as const;
export const OFFICE_LINK = { office: 'eth0', core: 'office0' } as const;

const NAME = /^dc(\d+)-(?:core|hall|office|phone\d+)$/;
const BRIDGE = 'br0';
/** Last parts of phones' addresses. */
const PHONE_NUMBERS = Array.from({ length: 50 }, (_, index) => 100 + index);
/** Where ip(8) keeps the names. */
const NETNS_DIR = '/run/netns';
/** Between asking processes to end and killing them. */
const GRACE_MS = 1500;

/** The namespace of one place of the bed that process `ownerPid` made. */
export function namespaceName(ownerPid: number, place: Place): string {
  return `dc${ownerPid}-${place}`;
}

/** Makes the bed's namespaces and links; `removeBed` takes them away. */
export function createBed(ownerPid: number): void {
  const name = (place: Place) => namespaceName(ownerPid, place);
  for (const place of PLACES) {
    ip('netns', 'add', name(place));
    ip('-n', name(place), 'link', 'set', 'lo', 'up');
  }
  ip('-n', name('hall'), 'link', 'add', BRIDGE, 'type', 'bridge', 'forward_delay', '0');
  // Without a fixed one the bridge's address changes, and is relearnt, with each phone.
  ip('-n', name('hall'), 'link', 'set', BRIDGE, 'address', macOf(1));
  ip('-n', name('hall'), 'link', 'set', BRIDGE, 'up');
  for (const host of HALL_HOSTS) ip('-n', name('hall'), 'addr', 'add', `${host}/24`, 'dev', BRIDGE);
  link(name('core'), HALL_LINK.core, name('hall'), HALL_LINK.hall);
  ip('-n', name('hall'), 'link', 'set', HALL_LINK.hall, 'master', BRIDGE);
  ip('-n', name('core'), 'addr', 'add', `${CORE_HOST}/24`, 'dev', HALL_LINK.core);
  link(name('core'), OFFICE_LINK.core, name('office'), OFFICE_LINK.office);
  ip('-n', name('core'), 'addr', 'add', `${CORE_OFFICE_HOST}/24`, 'dev', OFFICE_LINK.core);
  ip('-n', name('office'), 'addr', 'add', `${OFFICE_HOST}/24`, 'dev', OFFICE_LINK.office);
  ip('-n', name('office'), 'route', 'add', 'default', 'via', CORE_OFFICE_HOST);
}

/** A host of its own in the hall; `removePhone` takes it away. */
export function addPhone(ownerPid: number): { place: Place; host: string } {
  const taken = existingNamespaces();
  const number = PHONE_NUMBERS.find(
    candidate => !taken.includes(namespaceName(ownerPid, `phone${candidate}`)),
  );
  if (number === undefined) throw new Error('no more phones fit into the hall');
  const place: Place = `phone${number}`;
  const [hall, phone] = [namespaceName(ownerPid, 'hall'), namespaceName(ownerPid, place)];
  ip('netns', 'add', phone);
  ip('-n', phone, 'link', 'set', 'lo', 'up');
  link(hall, place, phone, 'eth0');
  ip('-n', hall, 'link', 'set', place, 'master', BRIDGE);
  ip('-n', phone, 'link', 'set', 'eth0', 'address', macOf(number));
  const host = `10.77.0.${number}`;
  ip('-n', phone, 'addr', 'add', `${host}/24`, 'dev', 'eth0');
  return { place, host };
}

/** Takes a phone's host away with whatever still runs on it. */
export async function removePhone(ownerPid: number, place: Place): Promise<void> {
  const name = namespaceName(ownerPid, place);
  await endProcesses([name]);
  // The kernel forgets a namespace's cables only later: pull it out ourselves.
  ip('-n', namespaceName(ownerPid, 'hall'), 'link', 'del', place);
  ip('netns', 'del', name);
}

/** Ends every process in the bed and deletes it; a bed that is gone is not an error. */
export async function removeBed(ownerPid: number): Promise<void> {
  const present = existingNamespaces().filter(name => name.startsWith(`dc${ownerPid}-`));
  await endProcesses(present);
  for (const name of present) ip('netns', 'del', name);
}

/** Removes beds whose owner was killed before it could do so. */
export async function sweepStaleBeds(): Promise<void> {
  const owners = existingNamespaces().map(name => Number(NAME.exec(name)?.[1]));
  const stale = new Set(owners.filter(pid => Number.isInteger(pid) && !isAlive(pid)));
  for (const pid of stale) await removeBed(pid);
}

/** The same for each phone of that number, so that what others have learnt stays true. */
function macOf(number: number): string {
  return `02:00:0a:4d:00:${number.toString(16).padStart(2, '0')}`;
}

/** A cable between two namespaces, both ends up. */
function link(nameA: string, deviceA: string, nameB: string, deviceB: string): void {
  ip('-n', nameA, 'link', 'add', deviceA, 'type', 'veth', 'peer', 'name', deviceB, 'netns', nameB);
  ip('-n', nameA, 'link', 'set', deviceA, 'up');
  ip('-n', nameB, 'link', 'set', deviceB, 'up');
}

async function endProcesses(names: readonly string[]): Promise<void> {
  const pids = names.flatMap(processesIn);
  if (pids.length === 0) return;
  for (const pid of pids) kill(pid, 'SIGTERM');
  const deadlineMs = Date.now() + GRACE_MS;
  while (names.some(name => processesIn(name).length > 0) && Date.now() < deadlineMs) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  for (const pid of names.flatMap(processesIn)) kill(pid, 'SIGKILL');
}

function processesIn(name: string): number[] {
  return ip('netns', 'pids', name).split('\n').filter(Boolean).map(Number);
}

function existingNamespaces(): string[] {
  return existsSync(NETNS_DIR) ? readdirSync(NETNS_DIR).filter(name => NAME.test(name)) : [];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // ESRCH; the bed is root's, so EPERM cannot be.
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH: it went by itself.
  }
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' });
}
