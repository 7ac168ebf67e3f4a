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
  readonly username: string
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
    username: row.username,
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

/** After five wrong passwords in a row a wait begins: 1 minute, doubling to 30. Counted where it is stored, so that no two count as one. */
export async function noteFailedSignIn(db: Db | Tx, accountId: string, now: number): Promise<void> {
  await db
    .updateTable('account')
    .set({
      failed_sign_ins: sql<number>`failed_sign_ins + 1`,
      locked_until: sql<Date | null>`case when failed_sign_ins + 1 < ${FAILURES_BEFORE_WAIT} then null
        else ${toTimestamp(now)}::timestamptz
          + least(30, power(2, least(10, failed_sign_ins + 1 - ${FAILURES_BEFORE_WAIT}))) * interval '1 minute' end`,
    })
    .where('id', '=', accountId)
    .execute()
}

export const FAILURES_BEFORE_WAIT = 5

/** Forgets the failures. With a step of the second factor: false where that step has been used, so that no code opens two sessions. */
export async function noteSignIn(tx: Tx, accountId: string, totpStep: number | null): Promise<boolean> {
  let update = tx
    .updateTable('account')
    .set({
      failed_sign_ins: 0,
      locked_until: null,
      ...(totpStep === null ? {} : { totp_last_step: totpStep }),
    })
    .where('id', '=', accountId)
  if (totpStep !== null)
    update = update.where((eb) =>
      eb.or([eb('totp_last_step', 'is', null), eb('totp_last_step', '<', totpStep)]),
    )
  return (await update.returning('id').executeTakeFirst()) !== undefined
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

/** Roles of machines, which have no second factor and speak for whole crews. */
const ROLES_OF_SERVICES: readonly Role[] = ['service', 'intake-system', 'unit-terminal']

/** Machines hold no administrator's role and persons no machine's: a token would go round the second factor, a person round the crew. */
export function kindFault(kind: Account['kind'], grants: readonly Grant[]): Refusal | null {
  const wrong = grants.find(({ role }) =>
    kind === 'person' ? ROLES_OF_SERVICES.includes(role) : SEPARATED_ADMINISTRATORS.includes(role),
  )
  return wrong ? refuse('role-of-other-kind', { field: 'grants', detail: { role: wrong.role, kind } }) : null
}

/** Whoever changes who may sign in waits here for the one before, so that two cannot close each other's account at once. */
export async function lockAccounts(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('xunfang-accounts'))`.execute(tx)
}

/** Whether a person is left who may make and open accounts in the whole district. */
export async function hasSecurityAdmin(tx: Tx): Promise<boolean> {
  const row = await tx
    .selectFrom('account')
    .innerJoin('account_grant', 'account_grant.account_id', 'account.id')
    .select('account.id')
    .where('account.kind', '=', 'person')
    .where('account.active', '=', true)
    .where('account_grant.role', '=', 'security-admin')
    .where('account_grant.organisation_id', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
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

export interface TokenRow {
  readonly id: string
  readonly label: string
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly revokedAt: number | null
}

/** Tokens of an account, the newest first, those that are over among them. */
export async function listTokens(db: Db | Tx, accountId: string): Promise<TokenRow[]> {
  const rows = await db
    .selectFrom('api_token')
    .select(['id', 'label', 'created_at', 'expires_at', 'revoked_at'])
    .where('account_id', '=', accountId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    label: row.label,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }))
}

/** From this commit on the token opens nothing. False where there is no such token or it was revoked before. */
export async function revokeToken(tx: Tx, accountId: string, tokenId: string, now: number): Promise<boolean> {
  const revoked = await tx
    .updateTable('api_token')
    .set({ revoked_at: toTimestamp(now) })
    .where('account_id', '=', accountId)
    .where('id', '=', tokenId)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return revoked !== undefined
}
