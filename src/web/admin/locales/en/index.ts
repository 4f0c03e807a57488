import { common } from './common.ts';
import { conferences } from './conferences.ts';
import { people } from './people.ts';
import { records } from './records.ts';
import { sites } from './sites.ts';
import { system } from './system.ts';

export const en = { ...common, ...people, ...sites, ...conferences, ...records, ...system };
