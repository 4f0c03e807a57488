import { execFileSync } from 'node:child_process';

/**
 * The bed's network, one namespace each:
 *
 *   hall (codecs) ── 10.77.0.0/24 ── core (the system) ── 10.78.0.0/24 ── office (browsers)
 */
export const PLACES = ['core', 'hall', 'office'] as const;
export type Place = (typeof PLACES)[number];

/** The system's address, reached from both other places. */
export const CORE_HOST = '10.77.0.1';
/** The codecs' addresses. */
export const HALL_HOSTS = [2, 3, 4, 5, 6, 7, 8, 9].map(last => `10.77.0.${last}`);
export const OFFICE_HOST = '10.78.0.2';
/** Name of the hall's link, at its own end and at the core's. */
export const HALL_LINK = { hall: 'eth0', core: 'hall0' } as const;

const NAME = /^dc(\d+)-(?:core|hall|office)$/;
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
  link(name('core'), HALL_LINK.core, [CORE_HOST], name('hall'), HALL_LINK.hall, HALL_HOSTS);
  link(name('core'), 'office0', ['10.78.0.1'], name('office'), 'eth0', [OFFICE_HOST]);
  ip('-n', name('office'), 'route', 'add', 'default', 'via', '10.78.0.1');
}

/** Ends every process in the bed and deletes it; a bed that is gone is not an error. */
export async function removeBed(ownerPid: number): Promise<void> {
  const names = PLACES.map(place => namespaceName(ownerPid, place));
  const present = names.filter(name => existingNamespaces().includes(name));
  await endProcesses(present);
  for (const name of present) ip('netns', 'del', name);
}

/** Removes beds whose owner was killed before it could do so. */
export async function sweepStaleBeds(): Promise<void> {
  const owners = existingNamespaces().map(name => Number(NAME.exec(name)?.[1]));
  const stale = new Set(owners.filter(pid => Number.isInteger(pid) && !isAlive(pid)));
  for (const pid of stale) await removeBed(pid);
}

function link(
  nameA: string,
  deviceA: string,
  hostsA: readonly string[],
  nameB: string,
  deviceB: string,
  hostsB: readonly string[],
): void {
  ip('-n', nameA, 'link', 'add', deviceA, 'type', 'veth', 'peer', 'name', deviceB, 'netns', nameB);
  for (const [name, device, hosts] of [
    [nameA, deviceA, hostsA],
    [nameB, deviceB, hostsB],
  ] as const) {
    for (const host of hosts) ip('-n', name, 'addr', 'add', `${host}/24`, 'dev', device);
    ip('-n', name, 'link', 'set', device, 'up');
  }
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
  const lines = ip('netns', 'list').split('\n');
  return lines.map(line => line.split(' ')[0] ?? '').filter(name => NAME.test(name));
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
