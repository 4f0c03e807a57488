/** What the cells of a site say, in the words of the contract. */
import { EndpointInput, SiteInput } from '../contract/sites.ts';
import { QUIRKS } from '../sdp/index.ts';
import { problem } from './problems.ts';
import type { EndpointKey, SiteKey } from './site-columns.ts';
import { type Cell, type Cells, cellProblem, type SiteDraft } from './site-rows.ts';
import { digits, isMangled, LAYOUT_WORDS, list, oneOf, phone, speedBps } from './values.ts';

/** What a file says of an endpoint; what it does not say is not there. */
export type EndpointFacts = Partial<Omit<EndpointInput, 'id'>>;
/** What a file says of a site; its group by name. */
export type SiteFacts = Partial<Omit<SiteInput, 'endpoints' | 'groupId'>> & {
  readonly groupName?: string;
};

export interface ReadSite {
  readonly draft: SiteDraft;
  readonly facts: SiteFacts;
  readonly endpoints: readonly EndpointFacts[];
}

const SRTP = oneOf({
  off: ['tắt', 'không', 'no'],
  'best-effort': ['nếu được', 'ưu tiên', 'có thể', 'tùy chọn'],
  required: ['bắt buộc', 'có', 'yes', 'bật'],
});
const LAYOUT = oneOf(LAYOUT_WORDS);
const ROLE = oneOf({ main: ['chính'], backup: ['dự phòng', 'phụ', 'dự bị'] });
const TRANSPORT = oneOf({ udp: ['sip udp'], tcp: ['sip tcp'], tls: ['sip tls', 'sips'] });

const SITE_VALUES: Readonly<Record<SiteKey, (text: string) => unknown>> = {
  name: text => text,
  number: digits,
  district: text => text,
  commune: text => text,
  contactName: text => text,
  contactPhone: phone,
  group: text => text,
  lineSpeedBps: speedBps,
  srtp: SRTP,
  layout: LAYOUT,
  notes: text => text,
};
const ENDPOINT_VALUES: Readonly<Record<EndpointKey, (text: string) => unknown>> = {
  sipUsername: digits,
  sipPassword: text => text,
  dialAddress: text => text.replace(/^sips?:/i, ''),
  dialTransport: TRANSPORT,
  fixedAddresses: text => list(text.replace(/\s+/g, ';')),
  vendor: text => text,
  model: text => text,
  quirks: text => (QUIRKS.some(({ id }) => id === text) ? text : undefined),
  role: ROLE,
};

/** Keys whose digits Excel may have lost. */
const NUMBERS: readonly string[] = ['number', 'contactPhone', 'sipUsername'];
const MAX_ENDPOINTS = 10;

/** What a draft says; what is wrong is added to its problems. */
export function readSite(draft: SiteDraft): ReadSite {
  const { group, ...facts } = readCells(draft, draft.site, SITE_VALUES, SiteInput.shape);
  const endpoints = draft.endpoints.map(cells =>
    readCells(draft, cells, ENDPOINT_VALUES, EndpointInput.shape),
  );
  if (endpoints.length > MAX_ENDPOINTS)
    draft.problems.push(problem('too-many-endpoints', { row: draft.row }));
  return {
    draft,
    facts: { ...facts, ...(group !== undefined && { groupName: String(group) }) },
    endpoints,
  };
}

interface Schema {
  safeParse(value: unknown): { readonly success: boolean; readonly data?: unknown };
}

function readCells<Key extends string>(
  draft: SiteDraft,
  cells: Cells<Key>,
  values: Readonly<Record<Key, (text: string) => unknown>>,
  shape: Readonly<Record<string, Schema>>,
): Record<string, unknown> {
  const facts: Record<string, unknown> = {};
  for (const [key, cell] of Object.entries(cells) as [Key, Cell][]) {
    const value = values[key](cell.text);
    const checked =
      value === undefined
        ? undefined
        : (shape[key]?.safeParse(value) ?? { success: true, data: value });
    if (NUMBERS.includes(key) && isMangled(cell.text))
      draft.problems.push(cellProblem('number-mangled', cell));
    else if (checked?.success) facts[key] = checked.data;
    else draft.problems.push(cellProblem('wrong', cell));
  }
  return facts;
}
