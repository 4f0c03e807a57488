/** The database's tables, as Kysely sees them. */
export interface Tables {
  site: {
    id: string;
    name: string;
    number: string | null;
    /** `off`, `best-effort` or `required`; null follows the setting. */
    srtp: string | null;
    created_at_ms: number;
  };
  endpoint: {
    id: string;
    site_id: string;
    sip_username: string;
    ha1: string;
    /** JSON array of addresses and networks. */
    fixed_addresses: string;
    position: number;
  };
  conference: {
    id: string;
    name: string;
    number: string;
    alias: string;
    pin_hash: string | null;
    created_at_ms: number;
  };
  conference_site: { conference_id: string; site_id: string; position: number };
}
