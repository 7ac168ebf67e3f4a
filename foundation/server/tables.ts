import type { ColumnType, Generated } from 'kysely'

/** A timestamptz column: read as epoch milliseconds, written as Date. */
export type Timestamp = ColumnType<number, Date, Date>
/** A jsonb column: read as a value, written as JSON text. */
export type Json<T> = ColumnType<T, string, string>

/** The tables of the foundation. Capabilities add theirs with `withTables`. */
export interface FoundationTables {
  setting: { key: string; value: Json<unknown>; version: Generated<number>; changed_at: Timestamp }
  account: {
    id: string
    username: string
    name: string
    password_hash: string | null
    kind: 'person' | 'service'
    officer_id: string | null
    active: Generated<boolean>
    totp_secret: string | null
    totp_enrolled_at: ColumnType<number | null, Date | null, Date | null>
    totp_last_step: number | null
    failed_sign_ins: Generated<number>
    locked_until: ColumnType<number | null, Date | null, Date | null>
    created_at: Timestamp
    version: Generated<number>
  }
  sign_in_address: {
    account_id: string
    ip: string
    failures: Generated<number>
    locked_until: ColumnType<number | null, Date | null, Date | null>
    opened_at: ColumnType<number | null, Date | null, Date | null>
    used_at: Timestamp
  }
  account_grant: { account_id: string; role: string; organisation_id: string | null }
  account_session: {
    token_hash: Buffer
    account_id: string
    created_at: Timestamp
    seen_at: Timestamp
    expires_at: Timestamp
    ip: string
    user_agent: string
  }
  api_token: {
    id: string
    account_id: string
    token_hash: Buffer
    label: string
    created_at: Timestamp
    expires_at: ColumnType<number | null, Date | null, Date | null>
    revoked_at: ColumnType<number | null, Date | null, Date | null>
  }
  audit_entry: {
    id: Generated<number>
    at: Timestamp
    account_id: string | null
    account_name: string
    action: string
    subject_kind: string
    subject_id: string | null
    reason: string | null
    ip: string
    request_id: string
    detail: Json<unknown> | null
  }
  audit_seal: {
    id: Generated<number>
    first_entry: number
    last_entry: number
    previous_hash: Buffer
    hash: Buffer
    sealed_at: Timestamp
  }
  outbox: {
    id: Generated<number>
    seq: number | null
    topic: string
    subject_id: string
    organisation_id: string | null
    permission: string
    at: Timestamp
    data: Json<unknown>
  }
  stream_head: { single: Generated<boolean>; seq: number }
  flow_cursor: { consumer: string; seq: number }
  flow_run: { seq: number; row_id: string; ran_at: Timestamp }
  flow_failure: { seq: number; row_id: string; failed_at: Timestamp; attempts: number; message: string }
  idempotency: {
    key: string
    account_id: string
    route: string
    request_hash: Buffer
    status: number | null
    etag: string | null
    body: Json<unknown> | null
    created_at: Timestamp
  }
  webhook: {
    id: string
    url: string
    secret: string
    topics: string[]
    active: boolean
    created_at: Timestamp
    cursor: number
    failures: Generated<number>
    next_attempt_at: Timestamp
    last_status: string | null
    version: Generated<number>
  }
}
