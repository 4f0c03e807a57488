/** Who may do what: roles are rows of permissions. Shared with the administrator's pages. */
import { z } from 'zod';

/** What a request needs; each operation of the API names one. */
export const Permission = z.enum([
  'sites.read',
  'sites.write',
  'conferences.read',
  'conferences.write',
  /** Starts, steers and ends meetings. */
  'meetings.run',
  /** Who was in meetings and what was written there. */
  'records.read',
  /** The call log with its SIP messages, and the calls that run. */
  'calls.read',
  'calls.end',
  'bans.write',
  'people.read',
  'people.write',
  'audit.read',
  'system.read',
  'webhooks.write',
]);
export type Permission = z.infer<typeof Permission>;

export const Role = z.enum(['administrator', 'operator', 'technician', 'chair', 'viewer']);
export type Role = z.infer<typeof Role>;

/** Of everything and everybody: who is limited to groups of sites has none of it. */
export const EVERYWHERE: readonly Permission[] = [
  'people.read',
  'people.write',
  'audit.read',
  'webhooks.write',
  'bans.write',
];

const READS: readonly Permission[] = ['sites.read', 'conferences.read'];

/**
 * What each role may do, everywhere or in the groups of sites its user is limited to. The chair
 * leads meetings and changes nothing that outlives them. What people wrote in a meeting is read by
 * those who run meetings alone.
 */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  administrator: Permission.options,
  operator: [
    ...READS,
    'sites.write',
    'conferences.write',
    'meetings.run',
    'records.read',
    'calls.read',
    'calls.end',
    'system.read',
  ],
  technician: [...READS, 'sites.write', 'calls.read', 'calls.end', 'bans.write', 'system.read'],
  chair: [...READS, 'meetings.run', 'records.read'],
  viewer: READS,
};
