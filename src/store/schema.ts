/** Of things that people change and look for. */
interface Kept {
  version: number;
  created_at_ms: number;
  changed_at_ms: number;
  group_id: string | null;
  /** What is searched in, as `searchText` makes it. */
  search: string;
  /** What lists are sorted by: the name, folded. */
  sort_name: string;
}

/** The database's tables, as Kysely sees them. */
export interface Tables {
  site_group: { id: string; name: string };
  site: Kept & {
    id: string;
    name: string;
    number: string | null;
    district: string | null;
    commune: string | null;
    contact_name: string | null;
    contact_phone: string | null;
    notes: string | null;
    line_speed_bps: number | null;
    /** `off`, `best-effort` or `required`; null follows the setting. */
    srtp: string | null;
    layout: string | null;
  };
  endpoint: {
    id: string;
    site_id: string;
    /** Null for one that cannot register. */
    sip_username: string | null;
    /** Null where no password was ever set. */
    ha1: string | null;
    /** Null also for endpoints that were made before it was kept. */
    ha1_sha256: string | null;
    /** JSON array of addresses and networks. */
    fixed_addresses: string;
    dial_address: string | null;
    dial_transport: string | null;
    vendor: string | null;
    model: string | null;
    quirks: string | null;
    is_backup: number;
    position: number;
  };
  conference: Kept & {
    id: string;
    name: string;
    number: string;
    alias: string;
    pin_hash: string | null;
    chair_pin_hash: string | null;
    /** JSON of a `ConferenceSchedule`. */
    schedule: string | null;
    agenda: string | null;
    layout: string;
    grid_size: number | null;
    mute_on_entry: number;
    recording_wished: number;
  };
  binding: {
    sip_username: string;
    contact_uri: string;
    source_addr: string;
    sip_transport: string;
    user_agent: string;
    expires_at_ms: number;
    sip_call_id: string;
    cseq: number;
    position: number;
  };
  endpoint_event: { endpoint_id: string; at_ms: number; kind: string; detail: string };
  conference_site: {
    conference_id: string;
    site_id: string;
    role: string;
    dial: string;
    position: number;
  };
  audit: {
    id: string;
    at_ms: number;
    /** As `Actor.kind`. */
    actor_kind: string;
    actor_id: string | null;
    actor_name: string;
    actor_address: string | null;
    action: string;
    entity: string;
    entity_id: string | null;
    /** JSON of what was, and of what is. */
    before: string | null;
    after: string | null;
    search: string;
  };
  account: {
    id: string;
    login: string;
    name: string;
    role: string;
    password_hash: string | null;
    /** As `SecretBox` seals it. */
    sealed_totp: string | null;
    totp_step: number | null;
    issuer: string | null;
    subject: string | null;
    /** 0 or 1. */
    disabled: number;
    version: number;
    created_at_ms: number;
    last_sign_in_at_ms: number | null;
    search: string;
  };
  account_group: { account_id: string; group_id: string };
  recovery_code: { hash: string; account_id: string };
  first_account: { only: number };
  session: {
    id_hash: string;
    account_id: string;
    created_at_ms: number;
    seen_at_ms: number;
    expires_at_ms: number;
  };
  api_token: {
    id: string;
    account_id: string;
    name: string;
    hint: string;
    hash: string;
    /** JSON array of permissions. */
    scopes: string;
    expires_at_ms: number;
    created_at_ms: number;
    last_used_at_ms: number | null;
  };
  given_answer: {
    id: string;
    request_mac: string;
    /** Null while it is being made. */
    sealed: string | null;
    created_at_ms: number;
  };
  meeting: {
    /** As `meetingId` makes it. */
    id: string;
    conference_id: string;
    state: string;
    started_at_ms: number;
    started_by: string;
    occurrence_start_ms: number | null;
    ends_at_ms: number | null;
    ended_at_ms: number | null;
    /** 0 or 1. */
    is_locked: number;
    mute_on_entry: number;
  };
  meeting_site: {
    meeting_id: string;
    site_id: string;
    state: string;
    since_ms: number;
    ladder_round: number;
    ladder_step: number;
    attempts: number;
    reason: string | null;
    retry_at_ms: number | null;
    position: number;
  };
  meeting_record: {
    id: string;
    conference_id: string;
    group_id: string | null;
    title: string;
    /** Empty where nobody called the roll. */
    led_by: string;
    started_at_ms: number;
    /** 0 or 1. */
    is_of_meeting: number;
    due_at_ms: number;
    created_at_ms: number;
    ended_at_ms: number | null;
    /** Id of another record, that this one puts right. */
    corrects: string | null;
    signed_by: string | null;
    signed_at_ms: number | null;
    /** JSON array of `RollRow`; stands once it is signed. */
    roll: string;
    /** JSON array of `Presence`. */
    attendance: string;
    /** JSON array of `ChatLine`. */
    chat: string;
    search: string;
    sort_title: string;
  };
  speaking_order: {
    conference_id: string;
    /** `KeptOrder`, as JSON. */
    kept_order: string;
    saved_at_ms: number;
  };
  visit_pass: {
    token_hash: string;
    conference_id: string;
    participant_id: string | null;
    /** 0 or 1. */
    chair: number;
    muted: number;
    since_ms: number;
    /** Null while somebody is there who has it. */
    until_ms: number | null;
  };
  webhook: {
    id: string;
    name: string;
    url: string;
    /** JSON array of `WebhookEvent`. */
    events: string;
    enabled: number;
    sealed_secret: string;
    version: number;
    created_at_ms: number;
    /** How the last message to it went. */
    last_at_ms: number | null;
    last_ok: number | null;
    last_detail: string | null;
  };
  /** Messages that wait to be taken. */
  webhook_delivery: {
    id: string;
    webhook_id: string;
    body: string;
    created_at_ms: number;
    attempts: number;
    next_at_ms: number;
  };
  call: {
    id: string;
    started_at_ms: number;
    /** Null while it runs. */
    ended_at_ms: number | null;
    result: string | null;
    site_id: string | null;
    /** As it was called then. */
    site_name: string | null;
    conference_id: string | null;
    conference_name: string | null;
    search: string;
    /** JSON of the `CallRecord`. */
    record: string;
    /** JSON of the messages, once it is over. */
    messages: string | null;
  };
}
