/** The database's tables, as Kysely sees them. */
export interface Tables {
  site: { id: string; name: string; created_at_ms: number };
  endpoint: { id: string; site_id: string; sip_username: string; ha1: string; position: number };
  conference: { id: string; name: string; number: string; alias: string; created_at_ms: number };
}
