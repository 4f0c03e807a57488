/** Calls, bans, health and settings over `/api/v1`. */
import { z } from 'zod';
import { operation } from './operation.ts';
import { IdParam, listQuery, pageOf } from './paging.ts';
import {
  BanView,
  CallRecordView,
  CallResult,
  CallTraceView,
  CallView,
  HealthView,
  LayoutInput,
  LayoutView,
  ParticipantDetailView,
  SnapshotQuery,
} from './rest.ts';

/** What the technician looks at first: each engine, the machine, what will run out. */
export const SystemView = z.object({
  version: z.string(),
  startedAtMs: z.number(),
  health: HealthView,
  machine: z.object({
    cores: z.number().int(),
    /** Of all cores together, over the last seconds, 0 to 1. */
    cpuRatio: z.number(),
    memoryBytes: z.number(),
    memoryUsedBytes: z.number(),
    diskFreeBytes: z.number(),
  }),
  /** Media ports that are in use, where the engine tells. */
  ports: z.array(z.object({ name: z.string(), used: z.number().int(), of: z.number().int() })),
  certificates: z.array(
    z.object({ name: z.string(), expiresAtMs: z.number(), selfSigned: z.boolean() }),
  ),
  database: z.object({ kind: z.enum(['sqlite', 'postgresql']), sizeBytes: z.number().optional() }),
});
export type SystemView = z.infer<typeof SystemView>;

/** A setting as it is in force; secrets are told as set or not. */
export const SettingView = z.object({
  name: z.string(),
  value: z.string(),
  origin: z.enum(['default', 'file', 'environment']),
});
export type SettingView = z.infer<typeof SettingView>;

export const CallLogQuery = listQuery(['startedAtMs'], '-startedAtMs').extend({
  siteId: z.string().max(100).optional(),
  conferenceId: z.string().max(100).optional(),
  result: CallResult.optional(),
});
export type CallLogQuery = z.infer<typeof CallLogQuery>;

const about = { tag: 'conferences', params: IdParam } as const;

export const systemOperations = {
  listParticipants: operation({
    ...about,
    id: 'listParticipants',
    method: 'get',
    path: '/conferences/:id/participants',
    summary: 'Who is there now, and how their pictures come in',
    access: 'conferences.read',
    answer: z.array(ParticipantDetailView),
  }),
  getLayout: operation({
    ...about,
    id: 'getLayout',
    method: 'get',
    path: '/conferences/:id/layout',
    summary: 'How halls see the conference',
    access: 'conferences.read',
    answer: LayoutView,
  }),
  setLayout: operation({
    ...about,
    id: 'setLayout',
    method: 'put',
    path: '/conferences/:id/layout',
    summary: 'Changes how halls see the conference',
    access: 'meetings.run',
    body: LayoutInput,
    answer: LayoutView,
  }),
  getSnapshot: operation({
    ...about,
    id: 'getSnapshot',
    method: 'get',
    path: '/conferences/:id/snapshot',
    summary: 'A picture of what a participant sends, or of what a hall sees',
    access: 'conferences.read',
    query: SnapshotQuery,
    answerType: 'image/jpeg',
    errors: ['no-picture', 'stage-down'],
  }),
  listCalls: operation({
    id: 'listCalls',
    method: 'get',
    path: '/calls',
    tag: 'calls',
    summary: 'Calls that run',
    access: 'calls.read',
    answer: z.array(CallView),
  }),
  endCall: operation({
    id: 'endCall',
    method: 'delete',
    path: '/calls/:id',
    tag: 'calls',
    summary: 'Hangs up',
    access: 'calls.end',
    params: IdParam,
    status: 204,
  }),
  listCallLog: operation({
    id: 'listCallLog',
    method: 'get',
    path: '/call-log',
    tag: 'calls',
    summary: 'Calls that were and that run, with what came of them, the latest first',
    access: 'calls.read',
    query: CallLogQuery,
    answer: pageOf(CallRecordView),
  }),
  getCallTrace: operation({
    id: 'getCallTrace',
    method: 'get',
    path: '/calls/:id/trace',
    tag: 'calls',
    summary: 'The messages of a call',
    access: 'calls.read',
    params: IdParam,
    answer: CallTraceView,
  }),
  listBans: operation({
    id: 'listBans',
    method: 'get',
    path: '/bans',
    tag: 'system',
    summary: 'Who is not listened to for now',
    access: 'calls.read',
    answer: z.array(BanView),
  }),
  liftBan: operation({
    id: 'liftBan',
    method: 'delete',
    path: '/bans/:source',
    tag: 'system',
    summary: 'Listens to somebody again',
    access: 'bans.write',
    params: z.strictObject({ source: z.string().min(1).max(200) }),
    status: 204,
  }),
  getSystem: operation({
    id: 'getSystem',
    method: 'get',
    path: '/system',
    tag: 'system',
    summary: 'Engines, machine, ports, certificates',
    access: 'system.read',
    answer: SystemView,
  }),
  listSettings: operation({
    id: 'listSettings',
    method: 'get',
    path: '/settings',
    tag: 'system',
    summary: 'Settings in force and where each comes from; they are changed in the file',
    access: 'system.read',
    answer: z.array(SettingView),
  }),
} as const;
