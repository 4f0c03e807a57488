import {
  type EndpointInput,
  type EndpointPatch,
  type EndpointView,
  SiteInput,
  SitePatch,
  type SiteRequest,
  type SiteView,
} from '../../../contract/sites.ts';
import type { FieldProblem } from './problem.ts';

/** An endpoint as it is typed; empty is not given. */
export interface EndpointForm {
  readonly id: string;
  readonly sipUsername: string;
  /** Empty leaves the one that is set. */
  readonly sipPassword: string;
  /** Divided by commas or spaces. */
  readonly fixedAddresses: string;
  readonly dialAddress: string;
  readonly dialTransport: string;
  readonly vendor: string;
  readonly model: string;
  readonly quirks: string;
  readonly role: EndpointInput['role'];
}

/** A site as it is typed. */
export interface SiteForm {
  readonly name: string;
  readonly number: string;
  readonly district: string;
  readonly commune: string;
  readonly contactName: string;
  readonly contactPhone: string;
  readonly notes: string;
  readonly lineSpeedKbps: string;
  readonly srtp: string;
  readonly layout: string;
  readonly groupId: string;
  readonly endpoints: readonly EndpointForm[];
}

export const emptyEndpoint: EndpointForm = {
  id: '',
  sipUsername: '',
  sipPassword: '',
  fixedAddresses: '',
  dialAddress: '',
  dialTransport: '',
  vendor: '',
  model: '',
  quirks: '',
  role: 'main',
};

export const emptySite: SiteForm = {
  name: '',
  number: '',
  district: '',
  commune: '',
  contactName: '',
  contactPhone: '',
  notes: '',
  lineSpeedKbps: '',
  srtp: '',
  layout: '',
  groupId: '',
  endpoints: [emptyEndpoint],
};

export function siteFormOf(site: SiteView): SiteForm {
  return {
    name: site.name,
    number: site.number ?? '',
    district: site.district ?? '',
    commune: site.commune ?? '',
    contactName: site.contactName ?? '',
    contactPhone: site.contactPhone ?? '',
    notes: site.notes ?? '',
    lineSpeedKbps: site.lineSpeedBps ? String(site.lineSpeedBps / 1000) : '',
    srtp: site.srtp ?? '',
    layout: site.layout ?? '',
    groupId: site.groupId ?? '',
    endpoints: site.endpoints.map(endpointFormOf),
  };
}

function endpointFormOf(endpoint: EndpointView): EndpointForm {
  return {
    id: endpoint.id,
    sipUsername: endpoint.sipUsername ?? '',
    sipPassword: '',
    fixedAddresses: endpoint.fixedAddresses.join(', '),
    dialAddress: endpoint.dialAddress ?? '',
    dialTransport: endpoint.dialTransport ?? '',
    vendor: endpoint.vendor ?? '',
    model: endpoint.model ?? '',
    quirks: endpoint.quirks ?? '',
    role: endpoint.role,
  };
}

/** A new site; endpoints of which nothing is said are left out. */
export function siteInputOf(form: SiteForm): SiteRequest {
  const endpoints = form.endpoints.filter(isGiven).map(newEndpoint);
  return given({ ...siteValues(form), endpoints }) as SiteRequest;
}

/** What was changed, as a patch; what was emptied is taken away. */
export function sitePatchOf(
  form: SiteForm,
  changed: readonly (keyof SiteForm)[],
  version: number,
): SitePatch {
  const endpoints = form.endpoints.filter(isGiven).map(changedEndpoint);
  const values: Record<string, unknown> = { ...siteValues(form), endpoints };
  const patch = changed.map(key => {
    const name = key === 'lineSpeedKbps' ? 'lineSpeedBps' : key;
    return [name, values[name] ?? null];
  });
  return { version, ...Object.fromEntries(patch) } as SitePatch;
}

/** What the gateway would not take, found before it is asked. @param version of a site that is there */
export function siteProblems(form: SiteForm, version: number | undefined): FieldProblem[] {
  const all = Object.keys(form) as (keyof SiteForm)[];
  const parsed =
    version === undefined
      ? SiteInput.safeParse(siteInputOf(form))
      : SitePatch.safeParse(sitePatchOf(form, all, version));
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
}

function siteValues({ endpoints: _, lineSpeedKbps, ...texts }: SiteForm): Record<string, unknown> {
  const speed = Math.round(Number(lineSpeedKbps) * 1000);
  return {
    ...Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, orUndefined(value)])),
    name: texts.name.trim(),
    lineSpeedBps: lineSpeedKbps.trim() === '' ? undefined : speed,
  };
}

function newEndpoint({ id: _, ...form }: EndpointForm): EndpointInput {
  return given(endpointValues(form)) as EndpointInput;
}

/** With its id what is not given stays, so what is empty is taken away by name. */
function changedEndpoint({ id, ...form }: EndpointForm): EndpointPatch {
  if (id === '') return newEndpoint({ id, ...form });
  const { sipPassword, ...values } = endpointValues(form);
  const named = Object.entries(values).map(([key, value]) => [key, value ?? null]);
  return { id, ...given({ sipPassword }), ...Object.fromEntries(named) };
}

function endpointValues({ fixedAddresses, ...texts }: Omit<EndpointForm, 'id'>) {
  const values = Object.entries(texts).map(([key, value]) => [key, orUndefined(value)]);
  const addresses = fixedAddresses.split(/[\s,;]+/).filter(Boolean);
  return { ...Object.fromEntries(values), fixedAddresses: addresses } as Record<string, unknown>;
}

function isGiven(endpoint: EndpointForm): boolean {
  const { role: _, ...rest } = endpoint;
  return Object.values(rest).some(value => value.trim() !== '');
}

function orUndefined(value: string): string | undefined {
  return value.trim() || undefined;
}

/** Without what is not given. */
export function given(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
