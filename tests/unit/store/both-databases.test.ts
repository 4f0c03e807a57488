import { describe } from 'vitest';
import { onBothDatabases } from '../../support/postgres/both.ts';
import { auditAppendOnly } from './suites/audit-append-only.ts';
import { backups } from './suites/backups.ts';
import { callStore } from './suites/call-store.ts';
import { conferenceChanges } from './suites/conference-changes.ts';
import { migrations } from './suites/migrations.ts';
import { passes } from './suites/passes.ts';
import { people } from './suites/people.ts';
import { records } from './suites/records.ts';
import { siteChanges } from './suites/site-changes.ts';
import { speakingOrders } from './suites/speaking-orders.ts';

onBothDatabases('the store', databases => {
  describe('for calls', () => callStore(databases));
  describe('sites as people change them', () => siteChanges(databases));
  describe('conferences as people change them', () => conferenceChanges(databases));
  describe('old data', () => migrations(databases));
  describe('backups', () => backups(databases));
  describe('records of meetings', () => records(databases));
  describe('who may come back', () => passes(databases));
  describe('orders of speaking', () => speakingOrders(databases));
  describe('accounts', () => people(databases));
  describe('the audit log', () => auditAppendOnly(databases));
});
