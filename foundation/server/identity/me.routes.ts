import type { FastifyInstance, FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { Type } from 'typebox'
import { toIso } from '../../core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../core/outcome.ts'
import { writeAudit } from '../audit/audit.ts'
import { inTransaction, toTimestamp, type Db } from '../db.ts'
import type { ActorContext } from '../http/context.ts'
import { commandRoute, route } from '../http/route.ts'
import { hashPassword, passwordFault } from './passwords.ts'
import type { SecretBox } from './secrets.ts'
import { closeSessionById, closeSessionsOf, listSessions } from './sessions.ts'
import { provePassword } from './signin.ts'
import { forgetFailures } from './store.ts'
import { newTotpSecret, totpStep, totpUri } from './totp.ts'

const Password = Type.String({ minLength: 1, maxLength: 200 })
const Code = Type.String({ pattern: '^[0-9]{6}$' })
const SessionShown = Type.Object({
  id: Type.String(),
  createdAt: Type.String(),
  seenAt: Type.String(),
  expiresAt: Type.String(),
  ip: Type.String(),
  userAgent: Type.String(),
  current: Type.Boolean(),
})

/** So long after signing in the password need not be asked for again. */
const FRESH_MILLISECONDS = 10 * 60_000

/** What people do with their own account: password, sessions, second factor. A machine's account has none of these. */
export function registerMeRoutes(app: FastifyInstance, secrets: SecretBox): void {
  route(app, {
    method: 'POST',
    url: '/api/me/password',
    summary: 'Changes one’s own password; all other sessions of the account end',
    permission: 'signed-in',
    schema: { body: Type.Object({ current: Password, password: Password }), response: Type.Null() },
    async handle(actor, { body, request }) {
      const account = await accountAtSession(app.db, actor, request)
      if (isRefusal(account)) return account
      const proven = await provePassword(app.db, actor, account, body.current, 'current')
      if (isRefusal(proven)) return proven
      const fault = passwordFault(body.password, account.username)
      if (fault) return refuse(fault, { field: 'password' })
      if (body.password === body.current) return refuse('invalid-password-unchanged', { field: 'password' })
      const hash = await hashPassword(body.password)
      await inTransaction(app.db, async (tx) => {
        await tx
          .updateTable('account')
          .set({ password_hash: hash, version: sql<number>`version + 1` })
          .where('id', '=', actor.accountId!)
          .execute()
        await forgetFailures(tx, actor.accountId!)
        const sessionsEnded = await closeSessionsOf(tx, actor.accountId!, account.session)
        await writeAudit(tx, actor, {
          action: 'account.change-own-password',
          subjectKind: 'account',
          subjectId: actor.accountId,
          detail: { sessionsEnded },
        })
      })
      return { status: 204 }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/me/sessions',
    summary: 'One’s own open sessions: since when, last used, from where',
    permission: 'signed-in',
    schema: { response: Type.Object({ sessions: Type.Array(SessionShown) }) },
    async handle(actor, { request }) {
      const sessions = await listSessions(app.db, actor.accountId!, actor.now)
      const mine = request.bearer?.credential.hash
      return {
        headers: { 'cache-control': 'no-store' },
        body: {
          sessions: sessions.map(({ hash, createdAt, seenAt, expiresAt, ...session }) => ({
            ...session,
            createdAt: toIso(createdAt),
            seenAt: toIso(seenAt),
            expiresAt: toIso(expiresAt),
            current: mine?.equals(hash) ?? false,
          })),
        },
      }
    },
  })

  commandRoute(app, {
    method: 'DELETE',
    url: '/api/me/sessions',
    summary: 'Ends all of one’s own sessions but this one',
    permission: 'signed-in',
    schema: { response: Type.Object({ ended: Type.Integer() }) },
    async handle(tx, actor, { request }) {
      const ended = await closeSessionsOf(tx, actor.accountId!, request.bearer?.credential.hash)
      await writeAudit(tx, actor, {
        action: 'session.close-others',
        subjectKind: 'account',
        subjectId: actor.accountId,
        detail: { ended },
      })
      return { body: { ended } }
    },
  })

  commandRoute(app, {
    method: 'DELETE',
    url: '/api/me/sessions/:id',
    summary: 'Ends one of one’s own sessions',
    permission: 'signed-in',
    schema: { params: Type.Object({ id: Type.String({ maxLength: 60 }) }), response: Type.Null() },
    async handle(tx, actor, { params }) {
      if (!(await closeSessionById(tx, actor.accountId!, params.id, actor.now)))
        return refuse('not-found', { detail: { sessionId: params.id } })
      await writeAudit(tx, actor, {
        action: 'session.close',
        subjectKind: 'account',
        subjectId: actor.accountId,
        detail: { sessionId: params.id },
      })
      return { status: 204 }
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/second-factor',
    summary:
      'Begins enrolling a second factor: gives the secret and its otpauth URI, once. Longer than ten minutes after signing in it asks for the password again',
    permission: 'signed-in',
    schema: {
      body: Type.Union([Type.Null(), Type.Object({ password: Type.Optional(Password) })]),
      response: Type.Object({ secret: Type.String(), uri: Type.String() }),
    },
    async handle(actor, { body, request }) {
      const account = await accountAtSession(app.db, actor, request)
      if (isRefusal(account)) return account
      if (account.isEnrolled) return refuse('second-factor-enrolled')
      // A session that was stolen must not become the thief's for good.
      if (actor.now - account.openedAt > FRESH_MILLISECONDS) {
        if (body?.password === undefined) return refuse('password-required', { field: 'password' })
        const proven = await provePassword(app.db, actor, account, body.password, 'password')
        if (isRefusal(proven)) return proven
      }
      const secret = newTotpSecret()
      await inTransaction(app.db, async (tx) => {
        await tx
          .updateTable('account')
          .set({ totp_secret: secrets.seal(secret) })
          .where('id', '=', actor.accountId!)
          .where('totp_enrolled_at', 'is', null)
          .execute()
        await writeAudit(tx, actor, {
          action: 'second-factor.begin',
          subjectKind: 'account',
          subjectId: actor.accountId,
        })
      })
      return {
        headers: { 'cache-control': 'no-store' },
        body: { secret, uri: totpUri(secret, account.username) },
      }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/second-factor/confirm',
    summary: 'Ends enrolling with a code from the device; all other sessions of the account end',
    permission: 'signed-in',
    schema: { body: Type.Object({ code: Code }), response: Type.Null() },
    async handle(tx, actor, { body, request }) {
      const account = await tx
        .selectFrom('account')
        .select(['totp_secret', 'totp_enrolled_at'])
        .where('id', '=', actor.accountId!)
        .forUpdate()
        .executeTakeFirstOrThrow()
      if (account.totp_enrolled_at !== null) return refuse('second-factor-enrolled')
      if (account.totp_secret === null) return refuse('second-factor-not-begun')
      const step = totpStep(secrets.open(account.totp_secret), body.code, actor.now, null)
      if (step === null) return refuse('invalid-code', { field: 'code' })
      await tx
        .updateTable('account')
        .set({ totp_enrolled_at: toTimestamp(actor.now), totp_last_step: step })
        .where('id', '=', actor.accountId!)
        .execute()
      const sessionsEnded = await closeSessionsOf(tx, actor.accountId!, request.bearer?.credential.hash)
      await writeAudit(tx, actor, {
        action: 'second-factor.enrol',
        subjectKind: 'account',
        subjectId: actor.accountId,
        detail: { sessionsEnded },
      })
      return { status: 204 }
    },
  })
}

interface AccountAtSession {
  readonly username: string
  readonly isEnrolled: boolean
  readonly session: Buffer
  readonly openedAt: number
}

/** The account and the session that asks; refuses `not-a-session` for an API token. */
async function accountAtSession(
  db: Db,
  actor: ActorContext,
  request: FastifyRequest,
): Promise<AccountAtSession | Refusal> {
  const credential = request.bearer?.credential
  if (credential?.kind !== 'session') return refuse('not-a-session')
  const account = await db
    .selectFrom('account')
    .select(['username', 'totp_enrolled_at'])
    .where('id', '=', actor.accountId!)
    .executeTakeFirstOrThrow()
  return {
    username: account.username,
    isEnrolled: account.totp_enrolled_at !== null,
    session: credential.hash,
    openedAt: credential.openedAt,
  }
}
