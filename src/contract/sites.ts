/** Sites and their endpoints over `/api/v1`. */
import { z } from 'zod';
import { SceneLayout } from './layout.ts';
import { operation } from './operation.ts';
import { IdParam, listQuery, pageOf, Version } from './paging.ts';
import { isPlain, PLAIN } from './plain-text.ts';

export const Name = z.string().trim().min(1).max(100).refine(isPlain, PLAIN);
const ShortText = z.string().trim().max(100);
const Notes = z.string().trim().max(2000);

const Network = z.union([z.ipv4(), z.cidrv4(), z.ipv6(), z.cidrv6()], {
  error: 'must be an address or a network, for example 10.1.0.0/16',
});
/** What a room codec can dial. */
export const DialledNumber = z.string().regex(/^[0-9]{1,12}$/, '1 to 12 digits');
export const SrtpPolicyName = z.enum(['off', 'best-effort', 'required']);

/** Where a call to a device goes: an address or name, with a user before it and a port behind it where needed. */
const DialAddress = z
  .string()
  .max(200)
  .regex(
    /^(?:[A-Za-z0-9._~+-]{1,64}@)?(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,120})(?::[0-9]{1,5})?$/,
    'an address like 10.1.2.3, hall@10.1.2.3 or 10.1.2.3:5060',
  );

export const EndpointInput = z.strictObject({
  /** User part of the endpoint's SIP address and its digest username; without one it cannot register. */
  sipUsername: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z0-9._~+-]+$/, 'letters, digits and . _ ~ + - only')
    .optional(),
  /** Without one the endpoint cannot register; it has to call from a fixed address. */
  sipPassword: z.string().min(1).max(128).optional(),
  /** Addresses and networks it may call from without registering. */
  fixedAddresses: z.array(Network).max(20).default([]),
  /** Where we call it; where it is registered when not given. */
  dialAddress: DialAddress.optional(),
  dialTransport: z.enum(['udp', 'tcp', 'tls']).optional(),
  vendor: ShortText.optional(),
  model: ShortText.optional(),
  /** Name of the row of device oddities that is to be used, whatever the device says of itself. */
  quirks: ShortText.optional(),
  /** A site is called at its main endpoints first. */
  role: z.enum(['main', 'backup']).default('main'),
});
export type EndpointInput = z.infer<typeof EndpointInput>;

const MAX_ENDPOINTS = 10;

/**
 * An endpoint of a site that is changed. With the `id` of one that is there, what is not given of
 * it stays, and `null` takes away; without, it is new.
 */
export const EndpointPatch = z.strictObject({
  id: z.string().min(1).max(100).optional(),
  sipUsername: EndpointInput.shape.sipUsername.nullish(),
  sipPassword: EndpointInput.shape.sipPassword.nullish(),
  fixedAddresses: z.array(Network).max(20).optional(),
  dialAddress: DialAddress.nullish(),
  dialTransport: EndpointInput.shape.dialTransport.nullish(),
  vendor: ShortText.nullish(),
  model: ShortText.nullish(),
  quirks: ShortText.nullish(),
  role: z.enum(['main', 'backup']).optional(),
});
export type EndpointPatch = z.infer<typeof EndpointPatch>;

export const SiteInput = z.strictObject({
  name: Name,
  /** What an endpoint dials to get to this site's conference. */
  number: DialledNumber.optional(),
  district: ShortText.optional(),
  commune: ShortText.optional(),
  contactName: ShortText.optional(),
  contactPhone: z
    .string()
    .regex(/^[0-9+() .-]{3,30}$/, 'digits, spaces and + ( ) . - only')
    .optional(),
  notes: Notes.optional(),
  /** Speed of its line, which limits what it is sent. */
  lineSpeedBps: z.number().int().min(64_000).max(1_000_000_000).optional(),
  /** Encrypted sound and picture; the setting `sip.srtp` decides where nothing is said. */
  srtp: SrtpPolicyName.optional(),
  /** How this site sees conferences whose layout is `auto`. */
  layout: SceneLayout.optional(),
  /** The group of sites it belongs to, for the permissions of people. */
  groupId: z.string().min(1).max(100).optional(),
  endpoints: z.array(EndpointInput).max(MAX_ENDPOINTS).default([]),
});
export type SiteInput = z.infer<typeof SiteInput>;
/** The same as a client writes it, defaults left out. */
export type SiteRequest = z.input<typeof SiteInput>;

/** What is not given stays; `null` takes away. Endpoints, when given, are all there are from now on. */
export const SitePatch = z.strictObject({
  version: Version,
  name: Name.optional(),
  number: DialledNumber.nullish(),
  district: ShortText.nullish(),
  commune: ShortText.nullish(),
  contactName: ShortText.nullish(),
  contactPhone: SiteInput.shape.contactPhone.nullish(),
  notes: Notes.nullish(),
  lineSpeedBps: SiteInput.shape.lineSpeedBps.nullish(),
  srtp: SrtpPolicyName.nullish(),
  layout: SceneLayout.nullish(),
  groupId: SiteInput.shape.groupId.nullish(),
  endpoints: z.array(EndpointPatch).max(MAX_ENDPOINTS).optional(),
});
export type SitePatch = z.infer<typeof SitePatch>;

/** `reachable` answers at its fixed address; `unreachable` is known, but does not answer. */
export const EndpointState = z.enum([
  'registered',
  'reachable',
  'unreachable',
  'unregistered',
  'never-seen',
]);
export type EndpointState = z.infer<typeof EndpointState>;

export const EndpointView = EndpointInput.omit({ sipPassword: true }).extend({
  id: z.string(),
  fixedAddresses: z.array(z.string()),
  /** Whether a password was ever set. */
  hasPassword: z.boolean(),
  /** Whether a binding is alive now. */
  registered: z.boolean(),
  state: EndpointState,
  /** Of the last change. */
  sinceMs: z.number().optional(),
  /** The last thing that happened to it, in a word and in plain words. */
  reason: z.object({ code: z.string(), text: z.string() }).optional(),
  /** Of the last OPTIONS that was answered. */
  roundTripMs: z.number().optional(),
  contactUri: z.string().optional(),
  userAgent: z.string().optional(),
  /** Packet source of its registration, `host:port`. */
  sourceAddr: z.string().optional(),
  sipTransport: z.string().optional(),
  expiresAtMs: z.number().optional(),
});
export type EndpointView = z.infer<typeof EndpointView>;

/** How a site is, from its endpoints and its calls. */
export const SiteState = z.enum(['in-call', 'ready', 'unreachable', 'never-seen', 'no-endpoint']);
export type SiteState = z.infer<typeof SiteState>;

export const SiteView = SiteInput.extend({
  id: z.string(),
  version: Version,
  createdAtMs: z.number(),
  changedAtMs: z.number(),
  endpoints: z.array(EndpointView),
  state: SiteState,
  /** The calls of its endpoints that run now. */
  calls: z.array(z.object({ callId: z.string(), conferenceId: z.string().optional() })),
  /** The line of the call that runs, while it is in a conference. */
  poorLine: z.boolean(),
});
export type SiteView = z.infer<typeof SiteView>;

export const SiteListQuery = listQuery(['name', 'number', 'district', 'createdAtMs']).extend({
  state: SiteState.optional(),
  groupId: z.string().max(100).optional(),
  district: ShortText.optional(),
  conferenceId: z.string().max(100).optional(),
});
export type SiteListQuery = z.infer<typeof SiteListQuery>;

/** Something that happened to an endpoint. */
export const EndpointEventView = z.object({
  atMs: z.number(),
  kind: z.string(),
  text: z.string(),
  detail: z.string(),
});
export type EndpointEventView = z.infer<typeof EndpointEventView>;

/** Groups of sites, for the permissions of people. */
export const SiteGroupInput = z.strictObject({ name: Name });
export type SiteGroupInput = z.infer<typeof SiteGroupInput>;
export const SiteGroupView = SiteGroupInput.extend({ id: z.string(), siteCount: z.number().int() });
export type SiteGroupView = z.infer<typeof SiteGroupView>;

const MAX_BULK = 1000;

export const siteOperations = {
  listSites: operation({
    id: 'listSites',
    method: 'get',
    path: '/sites',
    tag: 'sites',
    summary: 'Sites with the state they are in now',
    access: 'sites.read',
    query: SiteListQuery,
    answer: pageOf(SiteView),
  }),
  createSite: operation({
    id: 'createSite',
    method: 'post',
    path: '/sites',
    tag: 'sites',
    summary: 'A new site with its endpoints',
    access: 'sites.write',
    body: SiteInput,
    status: 201,
    answer: SiteView,
    errors: ['conflict'],
  }),
  createSites: operation({
    id: 'createSites',
    method: 'post',
    path: '/sites/bulk',
    tag: 'sites',
    summary: 'Many new sites, all or none',
    access: 'sites.write',
    body: z.strictObject({ sites: z.array(SiteInput).min(1).max(MAX_BULK) }),
    status: 201,
    answer: z.object({ ids: z.array(z.string()) }),
    errors: ['conflict'],
  }),
  getSite: operation({
    id: 'getSite',
    method: 'get',
    path: '/sites/:id',
    tag: 'sites',
    summary: 'One site',
    access: 'sites.read',
    params: IdParam,
    answer: SiteView,
  }),
  updateSite: operation({
    id: 'updateSite',
    method: 'patch',
    path: '/sites/:id',
    tag: 'sites',
    summary: 'Changes what is given of a site, unless somebody else has changed it meanwhile',
    access: 'sites.write',
    params: IdParam,
    body: SitePatch,
    answer: SiteView,
    errors: ['conflict', 'version-conflict'],
  }),
  deleteSite: operation({
    id: 'deleteSite',
    method: 'delete',
    path: '/sites/:id',
    tag: 'sites',
    summary: 'Takes a site away, with its endpoints and registrations',
    access: 'sites.write',
    params: IdParam,
    status: 204,
  }),
  endpointHistory: operation({
    id: 'endpointHistory',
    method: 'get',
    path: '/sites/:id/endpoints/:endpointId/history',
    tag: 'sites',
    summary: 'What happened to an endpoint, the latest first',
    access: 'sites.read',
    params: IdParam.extend({ endpointId: z.string().min(1).max(100) }),
    answer: z.array(EndpointEventView),
  }),
  listSiteGroups: operation({
    id: 'listSiteGroups',
    method: 'get',
    path: '/site-groups',
    tag: 'sites',
    summary: 'Groups of sites',
    access: 'sites.read',
    answer: z.array(SiteGroupView),
  }),
  createSiteGroup: operation({
    id: 'createSiteGroup',
    method: 'post',
    path: '/site-groups',
    tag: 'sites',
    summary: 'A new group of sites',
    access: 'people.write',
    body: SiteGroupInput,
    status: 201,
    answer: SiteGroupView,
    errors: ['conflict'],
  }),
  renameSiteGroup: operation({
    id: 'renameSiteGroup',
    method: 'put',
    path: '/site-groups/:id',
    tag: 'sites',
    summary: 'Renames a group',
    access: 'people.write',
    params: IdParam,
    body: SiteGroupInput,
    answer: SiteGroupView,
    errors: ['conflict'],
  }),
  deleteSiteGroup: operation({
    id: 'deleteSiteGroup',
    method: 'delete',
    path: '/site-groups/:id',
    tag: 'sites',
    summary: 'Takes a group away; its sites stay, and people limited to it see them no longer',
    access: 'people.write',
    params: IdParam,
    status: 204,
  }),
} as const;
