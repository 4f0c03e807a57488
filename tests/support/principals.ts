import { Permission } from '../../src/contract/permissions.ts';
import type { Actor, Principal } from '../../src/domain/actor.ts';

export const LAN: Actor = { kind: 'user', userId: 'u-lan', name: 'Lan', address: '192.0.2.9' };

/** Somebody who may do everything, everywhere. */
export const ANYWHERE: Principal = { actor: LAN, permissions: new Set(Permission.options) };

/** Somebody who may do everything in these groups of sites. */
export function within(...groupIds: string[]): Principal {
  return { ...ANYWHERE, groupIds: new Set(groupIds) };
}
