import {
  type EndpointInput,
  type EndpointView,
  SiteInput,
  type SitePatch,
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
  const values = siteValues(form);
  return given(values) as SiteRequest;
}

/** What was changed, as a patch; what was emptied is taken away. */
export function sitePatchOf(
  form: SiteForm,
  changed: readonly (keyof SiteForm)[],
  version: number,
): SitePatch {
  const values = siteValues(form);
  const patch = changed.map(key => {
    const name = key === 'lineSpeedKbps' ? 'lineSpeedBps' : key;
    return [name, values[name] ?? null];
  });
  return { version, ...Object.fromEntries(patch) } as SitePatch;
}

/** What the gateway would not take, found before it is asked. */
export function siteProblems(form: SiteForm): FieldProblem[] {
  const parsed = SiteInput.safeParse(siteInputOf(form));
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
}

function siteValues(form: SiteForm): Record<string, unknown> {
  const { lineSpeedKbps, endpoints, ...texts } = form;
  const speed = Number(lineSpeedKbps);
  return {
    ...Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, orUndefined(value)])),
    name: form.name.trim(),
    lineSpeedBps: lineSpeedKbps.trim() === '' ? undefined : Math.round(speed * 1000),
    endpoints: endpoints.filter(isGiven).map(endpointValues),
  };
}

function endpointValues({ fixedAddresses, ...texts }: EndpointForm): EndpointInput {
  const values = Object.entries(texts).map(([key, value]) => [key, orUndefined(value)]);
  const addresses = fixedAddresses.split(/[\s,;]+/).filter(Boolean);
  return given({ ...Object.fromEntries(values), fixedAddresses: addresses }) as EndpointInput;
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
