import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * Which process gets the processor first when there is too little of it, as nice values of
 * sched(7): sound before everything else. A media relay that waits loses more than
 * time: rtpengine reads a port no more that five times had more than 50 packets waiting.
 */
export const PRIORITIES = { relay: -10, rooms: -5 } as const;

/** A nice value for a process with everything it will start. */
export type Priority = (typeof PRIORITIES)[keyof typeof PRIORITIES];

/**
 * No right to, gone already, a kernel without groups of sessions, a process that is in none
 * (`EINVAL`: its group is the root's, whose share is fixed); Node's own of `setPriority`.
 */
const FORBIDDEN: readonly (string | undefined)[] = [
  'EINVAL',
  'EACCES',
  'EPERM',
  'EAGAIN',
  'ESRCH',
  'ENOENT',
  'ERR_SYSTEM_ERROR',
];

/**
 * Sets the priority of a process that has just been started, before it has threads.
 * Without the right to raise one it stays as it is: the meeting works without, too.
 *
 * @param write how a file of the kernel's is written
 */
export function prioritize(pid: number, priority: Priority, write = writeFileSync): void {
  unlessForbidden(() => setPriority(pid, priority));
  // Where the kernel shares the processor between sessions, nice counts only within one.
  unlessForbidden(() => write(`/proc/${pid}/autogroup`, String(priority)));
}

function unlessForbidden(set: () => void): void {
  try {
    set();
  } catch (err) {
    if (!FORBIDDEN.includes((err as NodeJS.ErrnoException).code)) throw err;
  }
}
