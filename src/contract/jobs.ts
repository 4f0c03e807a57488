/** Long work over `/api/v1`: imports and exports, jobs with progress, webhooks. */
import { z } from 'zod';
import { operation } from './operation.ts';
import { IdParam, listQuery, pageOf, Version } from './paging.ts';
import { Name } from './sites.ts';

export const ImportKind = z.enum(['sites', 'conferences']);
export type ImportKind = z.infer<typeof ImportKind>;

/** What is wrong with one cell, or with a whole row when `column` is not there. */
export const ImportProblem = z.object({
  /** As the spreadsheet numbers it; the head is row 1. */
  row: z.number().int(),
  column: z.string().optional(),
  /** A word for programs. */
  code: z.string(),
  /** Words for people, in both languages. */
  reason: z.object({ vi: z.string(), en: z.string() }),
  value: z.string().optional(),
});
export type ImportProblem = z.infer<typeof ImportProblem>;

export const ImportReport = z.object({
  rows: z.number().int(),
  /** Rows that would be, or were, taken. */
  accepted: z.number().int(),
  created: z.number().int(),
  changed: z.number().int(),
  problems: z.array(ImportProblem),
});
export type ImportReport = z.infer<typeof ImportReport>;

export const JobView = z.object({
  id: z.string(),
  kind: z.enum(['import']),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  done: z.number().int(),
  total: z.number().int(),
  startedAtMs: z.number(),
  endedAtMs: z.number().optional(),
  startedBy: z.string(),
  report: ImportReport.optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type JobView = z.infer<typeof JobView>;

/** What a webhook can be told. */
export const WebhookEvent = z.enum([
  'meeting.started',
  'meeting.ended',
  'participant.joined',
  'participant.left',
  'call.ended',
  'site.state-changed',
  'alarm.raised',
  'alarm.cleared',
]);
export type WebhookEvent = z.infer<typeof WebhookEvent>;

export const WebhookInput = z.strictObject({
  name: Name,
  url: z.url({ protocol: /^https?$/ }).max(500),
  events: z.array(WebhookEvent).min(1),
  enabled: z.boolean().default(true),
});
export type WebhookInput = z.infer<typeof WebhookInput>;
export const WebhookView = WebhookInput.extend({
  id: z.string(),
  version: Version,
  createdAtMs: z.number(),
  lastDelivery: z
    .object({ atMs: z.number(), ok: z.boolean(), detail: z.string(), waiting: z.number().int() })
    .optional(),
});
export type WebhookView = z.infer<typeof WebhookView>;

const Kind = z.strictObject({ kind: ImportKind });

export const jobOperations = {
  importRows: operation({
    id: 'importRows',
    method: 'post',
    path: '/import/:kind',
    tag: 'import',
    summary: 'Takes a CSV or XLSX file in, or says what is wrong with it (`dryRun`)',
    access: 'sites.write',
    params: Kind,
    query: z.strictObject({
      dryRun: z.stringbool().default(true),
      /** Take the good rows although others are faulty. */
      skipFaulty: z.stringbool().default(false),
    }),
    bodyType: 'application/octet-stream',
    status: 202,
    answer: JobView,
    errors: ['file-not-understood', 'too-large'],
  }),
  exportRows: operation({
    id: 'exportRows',
    method: 'get',
    path: '/export/:kind',
    tag: 'import',
    summary: 'All there are as a CSV or XLSX file that can be imported again; without passwords',
    access: 'sites.read',
    params: Kind,
    query: z.strictObject({ format: z.enum(['csv', 'xlsx']).default('csv') }),
    answerType: 'application/octet-stream',
  }),
  importTemplate: operation({
    id: 'importTemplate',
    method: 'get',
    path: '/import/:kind/template',
    tag: 'import',
    summary: 'An example file to fill in',
    access: 'sites.read',
    params: Kind,
    query: z.strictObject({ format: z.enum(['csv', 'xlsx']).default('csv') }),
    answerType: 'application/octet-stream',
  }),
  getJob: operation({
    id: 'getJob',
    method: 'get',
    path: '/jobs/:id',
    tag: 'jobs',
    summary: 'How far long work is',
    access: 'signed-in',
    params: IdParam,
    answer: JobView,
  }),
  cancelJob: operation({
    id: 'cancelJob',
    method: 'delete',
    path: '/jobs/:id',
    tag: 'jobs',
    summary: 'Stops long work; what is done already stays, or nothing where it is all or none',
    access: 'signed-in',
    params: IdParam,
    status: 204,
  }),
  listWebhooks: operation({
    id: 'listWebhooks',
    method: 'get',
    path: '/webhooks',
    tag: 'webhooks',
    summary: 'Who is told of events',
    access: 'webhooks.write',
    query: listQuery(['name', 'createdAtMs']),
    answer: pageOf(WebhookView),
  }),
  createWebhook: operation({
    id: 'createWebhook',
    method: 'post',
    path: '/webhooks',
    tag: 'webhooks',
    summary: 'Tells an address of events; the secret that signs them is shown this once',
    access: 'webhooks.write',
    body: WebhookInput,
    status: 201,
    answer: WebhookView.extend({ secret: z.string() }),
  }),
  updateWebhook: operation({
    id: 'updateWebhook',
    method: 'patch',
    path: '/webhooks/:id',
    tag: 'webhooks',
    summary: 'Changes what is given of a webhook',
    access: 'webhooks.write',
    params: IdParam,
    body: z.strictObject({
      version: Version,
      name: Name.optional(),
      url: WebhookInput.shape.url.optional(),
      events: WebhookInput.shape.events.optional(),
      enabled: z.boolean().optional(),
    }),
    answer: WebhookView,
    errors: ['version-conflict'],
  }),
  deleteWebhook: operation({
    id: 'deleteWebhook',
    method: 'delete',
    path: '/webhooks/:id',
    tag: 'webhooks',
    summary: 'Tells it nothing any longer',
    access: 'webhooks.write',
    params: IdParam,
    status: 204,
  }),
} as const;
