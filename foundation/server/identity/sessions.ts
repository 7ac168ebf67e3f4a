import { sql } from 'kysely'
import { SEPARATED_ADMINISTRATORS, type Grant } from '../../core/access.ts'
import { toTimestamp, type Db, type Tx } from '../db.ts'
import { secretHash } from './secrets.ts'

/** A session lives 12 hours, one long shift, and 2 hours without use. */
export const SESSION_HOURS = 12
export const SESSION_IDLE_HOURS = 2

export async function openSession(
  db: Db | Tx,
  session: { secret: string; accountId: string; now: number; ip: string; userAgent: string },
): Promise<void> {
  await db
    .insertInto('account_session')
    .values({
      token_hash: secretHash(session.secret),
      account_id: session.accountId,
      created_at: toTimestamp(session.now),
      seen_at: toTimestamp(session.now),
      expires_at: toTimestamp(session.now + SESSION_HOURS * 3_600_000),
      ip: session.ip,
      user_agent: session.userAgent.slice(0, 300),
    })
    .execute()
}

export async function closeSession(db: Db | Tx, secret: string): Promise<void> {
  await db.deleteFrom('account_session').where('token_hash', '=', secretHash(secret)).execute()
}

/** Ends the sessions of an account; all, or all but the one of `kept`. Gives how many. */
export async function closeSessionsOf(db: Db | Tx, accountId: string, kept?: Buffer): Promise<number> {
  let gone = db.deleteFrom('account_session').where('account_id', '=', accountId)
  if (kept) gone = gone.where('token_hash', '!=', kept)
  return Number((await gone.executeTakeFirst()).numDeletedRows)
}

export interface SessionRow {
  /** Names the session and proves nothing: the front of the hash of its secret. */
  readonly id: string
  readonly createdAt: number
  readonly seenAt: number
  readonly expiresAt: number
  readonly ip: string
  readonly userAgent: string
  readonly hash: Buffer
}

const sessionId = (hash: Buffer) => hash.subarray(0, 12).toString('base64url')

/** The sessions of an account that are good at `now`, the last used first. */
export async function listSessions(db: Db | Tx, accountId: string, now: number): Promise<SessionRow[]> {
  const rows = await db
    .selectFrom('account_session')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('expires_at', '>', toTimestamp(now))
    .where('seen_at', '>', toTimestamp(now - SESSION_IDLE_HOURS * 3_600_000))
    .orderBy('seen_at', 'desc')
    .execute()
  return rows.map((row) => ({
    id: sessionId(row.token_hash),
    createdAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    ip: row.ip,
    userAgent: row.user_agent,
    hash: row.token_hash,
  }))
}

/** Ends one session of an account; false where it has no such open one. */
export async function closeSessionById(tx: Tx, accountId: string, id: string, now: number): Promise<boolean> {
  const session = (await listSessions(tx, accountId, now)).find((one) => one.id === id)
  if (!session) return false
  await tx.deleteFrom('account_session').where('token_hash', '=', session.hash).execute()
  return true
}

/** What lets an account in: its hash tells session or token apart from all others; sessions know when they were opened. */
export interface Credential {
  readonly kind: 'session' | 'token'
  readonly hash: Buffer
  readonly openedAt: number
}

export interface Bearer {
  readonly accountId: string
  readonly name: string
  readonly officerId: string | null
  readonly grants: readonly Grant[]
  readonly seenAt: number | null
  readonly credential: Credential
  /** The account must enrol a second factor before it may do anything else. */
  readonly mustEnrol: boolean
}

const ACCOUNT_COLUMNS = [
  'account.id',
  'account.name',
  'account.officer_id',
  'account.totp_enrolled_at',
  sql<Grant[]>`(
    select coalesce(jsonb_agg(jsonb_build_object('role', role, 'organisationId', organisation_id) order by role), '[]')
      from account_grant where account_id = account.id)`.as('grants'),
] as const

/** The account behind a session cookie, where it is still good at `now`. */
export async function findSession(db: Db, secret: string, now: number): Promise<Bearer | null> {
  return (await findSessions(db, [secretHash(secret)], now))[0] ?? null
}

/** The account behind an API token, where it is still good at `now`. */
export async function findToken(db: Db, secret: string, now: number): Promise<Bearer | null> {
  return (await findTokens(db, [secretHash(secret)], now))[0] ?? null
}

/** Those of the credentials that are still good at `now`, with what their accounts may do now. One statement a kind for any number. */
export async function findBearers(
  db: Db,
  credentials: readonly Credential[],
  now: number,
): Promise<Bearer[]> {
  const hashes = (kind: Credential['kind']) =>
    credentials.filter((one) => one.kind === kind).map((one) => one.hash)
  return [
    ...(await findSessions(db, hashes('session'), now)),
    ...(await findTokens(db, hashes('token'), now)),
  ]
}

async function findSessions(db: Db, hashes: readonly Buffer[], now: number): Promise<Bearer[]> {
  if (hashes.length === 0) return []
  const rows = await db
    .selectFrom('account_session')
    .innerJoin('account', 'account.id', 'account_session.account_id')
    .select([
      ...ACCOUNT_COLUMNS,
      'account_session.token_hash',
      'account_session.seen_at',
      'account_session.created_at',
    ])
    .where('token_hash', 'in', hashes)
    .where('account.active', '=', true)
    .where('expires_at', '>', toTimestamp(now))
    .where('seen_at', '>', toTimestamp(now - SESSION_IDLE_HOURS * 3_600_000))
    .execute()
  return rows.map((row) =>
    bearerOf({
      ...row,
      seenAt: row.seen_at,
      credential: { kind: 'session', hash: row.token_hash, openedAt: row.created_at },
      hasFactor: row.totp_enrolled_at !== null,
    }),
  )
}

async function findTokens(db: Db, hashes: readonly Buffer[], now: number): Promise<Bearer[]> {
  if (hashes.length === 0) return []
  const rows = await db
    .selectFrom('api_token')
    .innerJoin('account', 'account.id', 'api_token.account_id')
    .select([...ACCOUNT_COLUMNS, 'api_token.token_hash', 'api_token.created_at'])
    .where('token_hash', 'in', hashes)
    .where('account.active', '=', true)
    .where('revoked_at', 'is', null)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', toTimestamp(now))]))
    .execute()
  return rows.map((row) =>
    bearerOf({
      ...row,
      seenAt: null,
      credential: { kind: 'token', hash: row.token_hash, openedAt: row.created_at },
      hasFactor: true,
    }),
  )
}

interface BearerRow {
  readonly id: string
  readonly name: string
  readonly officer_id: string | null
  readonly grants: readonly Grant[]
  readonly seenAt: number | null
  readonly credential: Credential
  readonly hasFactor: boolean
}

function bearerOf(row: BearerRow): Bearer {
  return {
    accountId: row.id,
    name: row.name,
    officerId: row.officer_id,
    grants: row.grants,
    seenAt: row.seenAt,
    credential: row.credential,
    mustEnrol: !row.hasFactor && row.grants.some((grant) => SEPARATED_ADMINISTRATORS.includes(grant.role)),
  }
}

export async function touchSession(db: Db, hash: Buffer, now: number): Promise<void> {
  await db
    .updateTable('account_session')
    .set({ seen_at: toTimestamp(now) })
    .where('token_hash', '=', hash)
    .execute()
}
