import type { TestSystem } from '../../support/system.ts';
import { type Usage, usageOf } from '../processes.ts';
import type { Codecs } from './codecs.ts';
import type { Watcher } from './watcher.ts';

/** The processes whose cost is measured. */
export const ENGINES = ['gateway', 'sip-agent', 'stage', 'rtpengine', 'janus'] as const;

/** What every part of the bench works with. */
export interface CallBench {
  readonly system: TestSystem;
  readonly codecs: Codecs;
  readonly conference: { readonly number: string; readonly alias: string };
  /** A laptop that stays in the conference, so that its rooms are open. */
  readonly watcher: Watcher;
}

/** Name of a codec's site, as tiles show it. */
export function siteName(codec: number): string {
  return `Xã ${codec + 1}`;
}

/** Adds sites and their codecs until there are `count`. @throws Error when the API refuses one */
export async function haveCodecs(
  { system, codecs }: Pick<CallBench, 'system' | 'codecs'>,
  count: number,
): Promise<void> {
  const { publicHost: host, sip } = system.settings;
  while (codecs.count < count) {
    const username = `xa-${codecs.count + 1}`;
    const password = `password-of-${username}`;
    const endpoints = [{ sipUsername: username, sipPassword: password }];
    const body = { name: siteName(codecs.count), endpoints };
    const { status } = await system.api('/sites', { method: 'POST', body });
    if (status !== 201) throw new Error(`site not made: ${status}`);
    await codecs.add({ username, password, server: { host, port: sip.port } });
  }
}

/** Hangs up all codecs, also those that are in no call. */
export async function hangUpAll({ codecs }: CallBench): Promise<void> {
  await Promise.all(Array.from({ length: codecs.count }, (_, codec) => codecs.hangUp(codec)));
}

export function pause(durationMs: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, durationMs));
}

/** What each of the engines has cost since it began, in their order. */
export function engineUsage({ system }: Pick<CallBench, 'system'>): Usage[] {
  return ENGINES.map(name => usageOf([system.engine(name).pid ?? 0]));
}
