/** Backup and restore of all that is stored. Start reading at `format.ts`. */
export { backUp } from './back-up.ts';
export { restore } from './restore.ts';
