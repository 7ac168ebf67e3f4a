import { isRefusal, refuse, type Refusal } from '../../core/outcome.ts'
import { writeAudit } from '../audit/audit.ts'
import { inTransaction, type Db } from '../db.ts'
import type { ActorContext } from '../http/context.ts'
import { inRefusableTransaction } from '../http/route.ts'
import { inAttempt } from './attempts.ts'
import { isPassword } from './passwords.ts'
import type { SecretBox } from './secrets.ts'
import { closeSession, openSession } from './sessions.ts'
import { findForSignIn, noteFailedSignIn, noteSignIn, type SignInFacts } from './store.ts'
import { totpStep } from './totp.ts'

export interface SignIn {
  readonly username: string
  readonly password: string
  readonly code?: string
}

export interface NewSession {
  readonly secret: string
  readonly userAgent: string
  /** The session that the same browser had before: it ends, so that a shared machine keeps none behind. */
  readonly before: string | null
}

/**
 * Opens a session for a right password and, where enrolled, a code that has not been used. One answer for a wrong
 * name, a wrong password and a closed account, so that none can be told from the others.
 * Refuses `too-many-attempts`, `sign-in-failed` and `second-factor-required`.
 */
export function signIn(
  db: Db,
  secrets: SecretBox,
  actor: ActorContext,
  given: SignIn,
  session: NewSession,
): Promise<SignInFacts | Refusal> {
  return inAttempt(
    given.username,
    actor.ip,
    actor.now,
    () => findForSignIn(db, given.username, actor.ip, actor.now),
    async (facts) => {
      const right = await isPassword(facts?.passwordHash ?? null, given.password)
      if (!facts || !right || !facts.active) return failed(db, actor, facts, 'password')
      if (!facts.totpEnrolled) return open(db, actor, facts, null, session)
      // Asking for the code is no failure, and it forgives none either.
      if (given.code === undefined) return refuse('second-factor-required', { field: 'code' })
      const step = totpStep(secrets.open(facts.totpSecret!), given.code, actor.now, facts.totpLastStep)
      const opened = step === null ? null : await open(db, actor, facts, step, session)
      return opened === null || isRefusal(opened) ? failed(db, actor, facts, 'code') : opened
    },
  )
}

/** Proves that the one at an open session knows the account's password. Refuses `too-many-attempts` and `invalid-current-password`. */
export function provePassword(
  db: Db,
  actor: ActorContext,
  account: { readonly username: string },
  password: string,
  field: string,
): Promise<SignInFacts | Refusal> {
  return inAttempt(
    account.username,
    actor.ip,
    actor.now,
    () => findForSignIn(db, account.username, actor.ip, actor.now),
    async (facts) => {
      if (facts && (await isPassword(facts.passwordHash, password))) return facts
      await failed(db, actor, facts, 'current-password')
      return refuse('invalid-current-password', { field })
    },
  )
}

function open(
  db: Db,
  actor: ActorContext,
  facts: SignInFacts,
  step: number | null,
  session: NewSession,
): Promise<SignInFacts | Refusal> {
  return inRefusableTransaction(db, async (tx) => {
    if (!(await noteSignIn(tx, facts.id, actor.ip, step, actor.now)))
      return refuse('sign-in-failed', { field: 'code' })
    if (session.before !== null) await closeSession(tx, session.before)
    await openSession(tx, {
      secret: session.secret,
      accountId: facts.id,
      now: actor.now,
      ip: actor.ip,
      userAgent: session.userAgent,
    })
    await writeAudit(
      tx,
      { ...actor, accountId: facts.id, name: facts.name },
      { action: 'session.open', subjectKind: 'account', subjectId: facts.id },
    )
    return facts
  })
}

/** A name that is nobody's is not written down: people type passwords into the wrong field. */
async function failed(
  db: Db,
  actor: ActorContext,
  facts: SignInFacts | null,
  at: 'password' | 'code' | 'current-password',
): Promise<Refusal> {
  await inTransaction(db, async (tx) => {
    if (facts) await noteFailedSignIn(tx, facts.id, actor.ip, actor.now)
    await writeAudit(tx, actor, {
      action: 'session.refused',
      subjectKind: 'account',
      subjectId: facts?.id ?? null,
      detail: { at, username: facts?.username ?? null },
    })
  })
  return refuse('sign-in-failed', at === 'code' ? { field: 'code' } : {})
}
