import { sql } from 'kysely'
import { SEPARATED_ADMINISTRATORS, type Grant, type Role } from '../../core/access.ts'
import { refuse, type Refusal } from '../../core/outcome.ts'
import { toTimestamp, type Db, type Tx } from '../db.ts'
import { newId } from '../ids.ts'
import { secretHash } from './secrets.ts'
import { accountWaitSeconds, addressWaitSeconds, KNOWN_ADDRESS_DAYS } from './waits.ts'

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
  /** Wrong passwords in a row from this address. */
  readonly failuresHere: number
  /** Until when this address waits: for its own failures, or, where it is not known, for all of them. */
  readonly waitsUntil: number | null
  readonly roles: readonly Role[]
}

/** What a sign-in at this name from this address has to know. */
export async function findForSignIn(
  db: Db | Tx,
  username: string,
  ip: string,
  now: number,
): Promise<SignInFacts | null> {
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
  const here = await db
    .selectFrom('sign_in_address')
    .selectAll()
    .where('account_id', '=', row.id)
    .where('ip', '=', ip)
    .executeTakeFirst()
  const isKnown = here?.opened_at != null && here.opened_at > now - KNOWN_ADDRESS_DAYS * 86_400_000
  const waits = [here?.locked_until ?? null, isKnown ? null : row.locked_until].filter(
    (until) => until !== null,
  )
  return {
    id: row.id,
    username: row.username,
    name: row.name,
    passwordHash: row.password_hash,
    active: row.active,
    totpSecret: row.totp_secret,
    totpEnrolled: row.totp_enrolled_at !== null,
    totpLastStep: row.totp_last_step,
    failuresHere: here?.failures ?? 0,
    waitsUntil: waits.length === 0 ? null : Math.max(...waits),
    roles: grants.map((grant) => grant.role as Role),
  }
}

/** Counts a wrong password by address and by account, and sets the waits that follow (waits.ts). */
export async function noteFailedSignIn(tx: Tx, accountId: string, ip: string, now: number): Promise<void> {
  const { failures } = await tx
    .insertInto('sign_in_address')
    .values({ account_id: accountId, ip, failures: 1, used_at: toTimestamp(now) })
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'ip'])
        .doUpdateSet({ failures: sql<number>`sign_in_address.failures + 1`, used_at: toTimestamp(now) }),
    )
    .returning('failures')
    .executeTakeFirstOrThrow()
  const { failed_sign_ins } = await tx
    .updateTable('account')
    .set({ failed_sign_ins: sql<number>`failed_sign_ins + 1` })
    .where('id', '=', accountId)
    .returning('failed_sign_ins')
    .executeTakeFirstOrThrow()
  await tx
    .updateTable('sign_in_address')
    .set({ locked_until: endOf(addressWaitSeconds(failures), now) })
    .where('account_id', '=', accountId)
    .where('ip', '=', ip)
    .execute()
  await tx
    .updateTable('account')
    .set({ locked_until: endOf(accountWaitSeconds(failed_sign_ins), now) })
    .where('id', '=', accountId)
    .execute()
}

const endOf = (waitSeconds: number, now: number) =>
  waitSeconds === 0 ? null : toTimestamp(now + waitSeconds * 1000)

/** Forgets the failures. With a step of the second factor: false where that step has been used, so that no code opens two sessions. */
export async function noteSignIn(
  tx: Tx,
  accountId: string,
  ip: string,
  totpStep: number | null,
  now: number,
): Promise<boolean> {
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
  if ((await update.returning('id').executeTakeFirst()) === undefined) return false
  const opened = { failures: 0, locked_until: null, opened_at: toTimestamp(now), used_at: toTimestamp(now) }
  await tx
    .insertInto('sign_in_address')
    .values({ account_id: accountId, ip, ...opened })
    .onConflict((conflict) => conflict.columns(['account_id', 'ip']).doUpdateSet(opened))
    .execute()
  await tx
    .deleteFrom('sign_in_address')
    .where('used_at', '<', toTimestamp(now - KNOWN_ADDRESS_DAYS * 86_400_000))
    .execute()
  return true
}

/** After the password was changed: whatever was guessed at before counts no more. */
export async function forgetFailures(tx: Tx, accountId: string): Promise<void> {
  await tx
    .updateTable('account')
    .set({ failed_sign_ins: 0, locked_until: null })
    .where('id', '=', accountId)
    .execute()
  await tx
    .updateTable('sign_in_address')
    .set({ failures: 0, locked_until: null })
    .where('account_id', '=', accountId)
    .execute()
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
