import { sql } from 'kysely'
import { SEPARATED_ADMINISTRATORS, type Grant, type Role } from '../../core/access.ts'
import { refuse, type Refusal } from '../../core/outcome.ts'
import { toTimestamp, type Db, type Tx } from '../db.ts'
import { newId } from '../ids.ts'
import { secretHash } from './secrets.ts'

export interface Account {
  readonly id: string
  readonly username: string
  readonly name: string
  readonly kind: 'person' | 'service'
  readonly officerId: string | null
  readonly active: boolean
  readonly version: number
  readonly secondFactor: boolean
  readonly grants: readonly Grant[]
}

export interface SignInFacts {
  readonly id: string
  readonly name: string
  readonly passwordHash: string | null
  readonly active: boolean
  readonly totpSecret: string | null
  readonly totpEnrolled: boolean
  readonly totpLastStep: number | null
  readonly failedSignIns: number
  readonly lockedUntil: number | null
  readonly roles: readonly Role[]
}

/** A session lives 12 hours, one long shift, and 2 hours without use. */
export const SESSION_HOURS = 12
export const SESSION_IDLE_HOURS = 2

export async function findForSignIn(db: Db | Tx, username: string): Promise<SignInFacts | null> {
  const row = await db
    .selectFrom('account')
    .selectAll()
    .where(sql<boolean>`lower(username) = lower(${username})`)
    .where('kind', '=', 'person')
    .executeTakeFirst()
  if (!row) return null
  const grants = await db
    .selectFrom('account_grant')
    .select('role')
    .where('account_id', '=', row.id)
    .execute()
  return {
    id: row.id,
    name: row.name,
    passwordHash: row.password_hash,
    active: row.active,
    totpSecret: row.totp_secret,
    totpEnrolled: row.totp_enrolled_at !== null,
    totpLastStep: row.totp_last_step,
    failedSignIns: row.failed_sign_ins,
    lockedUntil: row.locked_until,
    roles: grants.map((grant) => grant.role as Role),
  }
}

/** After five wrong passwords in a row a wait begins: 1 minute, doubling to 30. */
export async function noteFailedSignIn(
  db: Db | Tx,
  accountId: string,
  failedBefore: number,
  now: number,
): Promise<void> {
  const failed = failedBefore + 1
  const waitMinutes = failed < 5 ? 0 : Math.min(30, 2 ** (failed - 5))
  await db
    .updateTable('account')
    .set({
      failed_sign_ins: failed,
      locked_until: waitMinutes ? toTimestamp(now + waitMinutes * 60_000) : null,
    })
    .where('id', '=', accountId)
    .execute()
}

export async function noteSignIn(db: Db | Tx, accountId: string, totpStep: number | null): Promise<void> {
  await db
    .updateTable('account')
    .set({
      failed_sign_ins: 0,
      locked_until: null,
      ...(totpStep === null ? {} : { totp_last_step: totpStep }),
    })
    .where('id', '=', accountId)
    .execute()
}

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

export async function closeSessionsOf(db: Db | Tx, accountId: string): Promise<void> {
  await db.deleteFrom('account_session').where('account_id', '=', accountId).execute()
}

export interface Bearer {
  readonly accountId: string
  readonly name: string
  readonly officerId: string | null
  readonly grants: readonly Grant[]
  readonly seenAt: number | null
  /** The account must enrol a second factor before it may do anything else. */
  readonly mustEnrol: boolean
}

/** The account behind a session cookie, where it is still good at `now`. */
export async function findSession(db: Db, secret: string, now: number): Promise<Bearer | null> {
  const row = await db
    .selectFrom('account_session')
    .innerJoin('account', 'account.id', 'account_session.account_id')
    .select([
      'account.id',
      'account.name',
      'account.officer_id',
      'account.totp_enrolled_at',
      'account_session.seen_at',
    ])
    .where('token_hash', '=', secretHash(secret))
    .where('account.active', '=', true)
    .where('expires_at', '>', toTimestamp(now))
    .where('seen_at', '>', toTimestamp(now - SESSION_IDLE_HOURS * 3_600_000))
    .executeTakeFirst()
  return row ? bearer(db, row, row.seen_at, row.totp_enrolled_at !== null) : null
}

export async function touchSession(db: Db, secret: string, now: number): Promise<void> {
  await db
    .updateTable('account_session')
    .set({ seen_at: toTimestamp(now) })
    .where('token_hash', '=', secretHash(secret))
    .execute()
}

/** The account behind an API token, where it is still good at `now`. */
export async function findToken(db: Db, secret: string, now: number): Promise<Bearer | null> {
  const row = await db
    .selectFrom('api_token')
    .innerJoin('account', 'account.id', 'api_token.account_id')
    .select(['account.id', 'account.name', 'account.officer_id'])
    .where('token_hash', '=', secretHash(secret))
    .where('account.active', '=', true)
    .where('revoked_at', 'is', null)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', toTimestamp(now))]))
    .executeTakeFirst()
  return row ? bearer(db, row, null, true) : null
}

async function bearer(
  db: Db,
  row: { id: string; name: string; officer_id: string | null },
  seenAt: number | null,
  secondFactor: boolean,
): Promise<Bearer> {
  const grants = await grantsOf(db, row.id)
  return {
    accountId: row.id,
    name: row.name,
    officerId: row.officer_id,
    grants,
    seenAt,
    mustEnrol: !secondFactor && grants.some((grant) => SEPARATED_ADMINISTRATORS.includes(grant.role)),
  }
}

async function grantsOf(db: Db | Tx, accountId: string): Promise<Grant[]> {
  const rows = await db
    .selectFrom('account_grant')
    .select(['role', 'organisation_id'])
    .where('account_id', '=', accountId)
    .orderBy('role')
    .execute()
  return rows.map((row) => ({ role: row.role as Role, organisationId: row.organisation_id }))
}

export async function listAccounts(db: Db | Tx): Promise<Account[]> {
  const rows = await db.selectFrom('account').selectAll().orderBy('username').execute()
  const grants = await db.selectFrom('account_grant').selectAll().execute()
  return rows.map((row) => ({
    id: row.id,
    username: row.username,
    name: row.name,
    kind: row.kind,
    officerId: row.officer_id,
    active: row.active,
    version: row.version,
    secondFactor: row.totp_enrolled_at !== null,
    grants: grants
      .filter((grant) => grant.account_id === row.id)
      .map((grant) => ({ role: grant.role as Role, organisationId: grant.organisation_id })),
  }))
}

export async function findAccount(db: Db | Tx, id: string): Promise<Account | null> {
  return (await listAccounts(db)).find((account) => account.id === id) ?? null
}

export async function hasAnyPerson(db: Db | Tx): Promise<boolean> {
  return (
    (await db.selectFrom('account').select('id').where('kind', '=', 'person').limit(1).executeTakeFirst()) !==
    undefined
  )
}

export interface NewAccount {
  readonly username: string
  readonly name: string
  readonly kind: 'person' | 'service'
  readonly passwordHash: string | null
  readonly officerId?: string | null
  readonly grants: readonly Grant[]
}

/** Refuses `username-taken`, and `administrators-separated` where the grants hold two of the three administrators. */
export async function createAccount(tx: Tx, account: NewAccount, now: number): Promise<string | Refusal> {
  const separated = administratorsFault(account.grants)
  if (separated) return separated
  const taken = await tx
    .selectFrom('account')
    .select('id')
    .where(sql<boolean>`lower(username) = lower(${account.username})`)
    .executeTakeFirst()
  if (taken) return refuse('username-taken', { field: 'username', detail: { username: account.username } })
  const id = newId()
  await tx
    .insertInto('account')
    .values({
      id,
      username: account.username,
      name: account.name,
      password_hash: account.passwordHash,
      kind: account.kind,
      officer_id: account.officerId ?? null,
      created_at: toTimestamp(now),
    })
    .execute()
  await replaceGrants(tx, id, account.grants)
  return id
}

export function administratorsFault(grants: readonly Grant[]): Refusal | null {
  const held = new Set(
    grants.map((grant) => grant.role).filter((role) => SEPARATED_ADMINISTRATORS.includes(role)),
  )
  return held.size > 1
    ? refuse('administrators-separated', { field: 'grants', detail: { roles: [...held] } })
    : null
}

export async function replaceGrants(tx: Tx, accountId: string, grants: readonly Grant[]): Promise<void> {
  await tx.deleteFrom('account_grant').where('account_id', '=', accountId).execute()
  if (grants.length === 0) return
  await tx
    .insertInto('account_grant')
    .values(
      grants.map((grant) => ({
        account_id: accountId,
        role: grant.role,
        organisation_id: grant.organisationId,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function issueToken(
  tx: Tx,
  token: { accountId: string; label: string; secret: string; now: number; expiresAt: number | null },
): Promise<string> {
  const id = newId()
  await tx
    .insertInto('api_token')
    .values({
      id,
      account_id: token.accountId,
      token_hash: secretHash(token.secret),
      label: token.label,
      created_at: toTimestamp(token.now),
      expires_at: token.expiresAt === null ? null : toTimestamp(token.expiresAt),
      revoked_at: null,
    })
    .execute()
  return id
}
