import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ROLES, type Role } from '../../core/access.ts'
import { isRefusal, refuse, type Refusal } from '../../core/outcome.ts'
import { writeAudit } from '../audit/audit.ts'
import { toTimestamp } from '../db.ts'
import { contextOf, type ActorContext } from '../http/context.ts'
import { commandRoute, route } from '../http/route.ts'
import { hashPassword, isPassword, passwordFault } from './passwords.ts'
import { isSameSecret, newSecret, secretHash, type SecretBox } from './secrets.ts'
import {
  closeSession,
  createAccount,
  findForSignIn,
  hasAnyPerson,
  noteFailedSignIn,
  noteSignIn,
  openSession,
  SESSION_HOURS,
} from './store.ts'
import { newTotpSecret, totpStep, totpUri } from './totp.ts'

export const SESSION_COOKIE = 'xunfang_session'

const Username = Type.String({ minLength: 2, maxLength: 40, pattern: '^[\\p{L}\\p{N}._-]+$' })
const PersonName = Type.String({ minLength: 1, maxLength: 60 })
const Password = Type.String({ minLength: 1, maxLength: 200 })
const Code = Type.String({ pattern: '^[0-9]{6}$' })

const Me = Type.Object({
  accountId: Type.String(),
  name: Type.String(),
  officerId: Type.Union([Type.String(), Type.Null()]),
  roles: Type.Array(Type.String()),
  permissions: Type.Record(Type.String(), Type.Union([Type.Array(Type.String()), Type.Null()])),
  mustEnrolSecondFactor: Type.Boolean(),
  secondFactor: Type.Boolean(),
})

export interface SignInDeps {
  readonly secrets: SecretBox
  /** The one-time word that the first-run URL carries; null once anyone exists. */
  readonly setupToken: () => string | null
  /** All permissions there are, so that a client can be told which it holds. */
  readonly permissions: readonly string[]
}

export function registerSignInRoutes(app: FastifyInstance, deps: SignInDeps): void {
  route(app, {
    method: 'GET',
    url: '/api/setup',
    summary: 'Whether first-run set-up is still to be done',
    permission: 'public',
    schema: { response: Type.Object({ needed: Type.Boolean() }) },
    handle: async () => ({ body: { needed: !(await hasAnyPerson(app.db)) } }),
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/setup',
    summary:
      'First-run set-up: creates the first accounts, among them a security administrator. Works once, with the token that the start-up printed.',
    permission: 'public',
    rateLimit: { max: 20, timeWindow: 60_000 },
    schema: {
      body: Type.Object({
        token: Type.String({ maxLength: 100 }),
        accounts: Type.Array(
          Type.Object({
            username: Username,
            name: PersonName,
            password: Password,
            role: Type.Union(ROLES.map((role) => Type.Literal(role))),
          }),
          { minItems: 1, maxItems: 10 },
        ),
      }),
      response: Type.Object({
        accounts: Type.Array(Type.Object({ id: Type.String(), username: Type.String() })),
      }),
    },
    async handle(tx, actor, { body }) {
      const expected = deps.setupToken()
      if (expected === null || (await hasAnyPerson(tx))) return refuse('set-up-done')
      if (!isSameSecret(secretHash(expected), secretHash(body.token)))
        return refuse('forbidden', { field: 'token' })
      if (!body.accounts.some((account) => account.role === 'security-admin'))
        return refuse('security-admin-required', { field: 'accounts' })
      const created: { id: string; username: string }[] = []
      for (const [position, account] of body.accounts.entries()) {
        const fault = passwordFault(account.password, account.username)
        if (fault) return refuse(fault, { field: `accounts/${position}/password` })
        const id = await createAccount(
          tx,
          {
            username: account.username,
            name: account.name,
            kind: 'person',
            passwordHash: await hashPassword(account.password),
            grants: [{ role: account.role as Role, organisationId: null }],
          },
          actor.now,
        )
        if (isRefusal(id)) return id
        created.push({ id, username: account.username })
        await writeAudit(tx, actor, {
          action: 'account.set-up',
          subjectKind: 'account',
          subjectId: id,
          detail: { username: account.username, role: account.role },
        })
      }
      return { status: 201, body: { accounts: created } }
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/session',
    summary: 'Signs in with a password and, where enrolled, the second factor; sets the session cookie',
    permission: 'public',
    rateLimit: { max: 600, timeWindow: 60_000 },
    schema: {
      body: Type.Object({
        username: Type.String({ maxLength: 40 }),
        password: Password,
        code: Type.Optional(Code),
      }),
      response: Type.Object({
        accountId: Type.String(),
        name: Type.String(),
        mustEnrolSecondFactor: Type.Boolean(),
      }),
    },
    async handle(actor, { body, request }, reply) {
      const outcome = await signIn(app, deps, actor, body)
      if (isRefusal(outcome)) return outcome
      const secret = newSecret()
      const signedIn = { ...actor, accountId: outcome.id, name: outcome.name }
      await openSession(app.db, {
        secret,
        accountId: outcome.id,
        now: actor.now,
        ip: actor.ip,
        userAgent: String(request.headers['user-agent'] ?? ''),
      })
      await writeAudit(app.db, signedIn, {
        action: 'session.open',
        subjectKind: 'account',
        subjectId: outcome.id,
      })
      void reply.setCookie(SESSION_COOKIE, secret, {
        httpOnly: true,
        sameSite: 'strict',
        path: '/',
        secure: request.protocol === 'https',
        maxAge: SESSION_HOURS * 3600,
      })
      const mustEnrol = !outcome.totpEnrolled && outcome.roles.some((role) => role.endsWith('-admin'))
      return { body: { accountId: outcome.id, name: outcome.name, mustEnrolSecondFactor: mustEnrol } }
    },
  })

  route(app, {
    method: 'DELETE',
    url: '/api/session',
    summary: 'Signs out',
    permission: 'signed-in',
    schema: { response: Type.Null() },
    async handle(actor, { request }, reply) {
      const secret = request.cookies[SESSION_COOKIE]
      if (secret) await closeSession(app.db, secret)
      await writeAudit(app.db, actor, {
        action: 'session.close',
        subjectKind: 'account',
        subjectId: actor.accountId,
      })
      void reply.clearCookie(SESSION_COOKIE, { path: '/' })
      return { status: 204 }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/me',
    summary: 'Who is signed in, and what they may do for which organisations (null: all)',
    permission: 'signed-in',
    schema: { response: Me },
    async handle(actor, { request }) {
      const row = await app.db
        .selectFrom('account')
        .select('totp_enrolled_at')
        .where('id', '=', actor.accountId!)
        .executeTakeFirst()
      const held = deps.permissions.filter((permission) => actor.may(permission))
      return {
        body: {
          accountId: actor.accountId,
          name: actor.name,
          officerId: actor.officerId,
          roles: actor.roles,
          permissions: Object.fromEntries(
            held.map((permission) => [
              permission,
              actor.scopeOf(permission) === null ? null : [...actor.scopeOf(permission)!],
            ]),
          ),
          mustEnrolSecondFactor: request.mustEnrolSecondFactor,
          secondFactor: row?.totp_enrolled_at != null,
        },
      }
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/second-factor',
    summary: 'Begins enrolling a second factor: gives the secret and its otpauth URI, once',
    permission: 'signed-in',
    schema: { response: Type.Object({ secret: Type.String(), uri: Type.String() }) },
    async handle(actor) {
      const account = await app.db
        .selectFrom('account')
        .select(['username', 'totp_enrolled_at'])
        .where('id', '=', actor.accountId!)
        .executeTakeFirstOrThrow()
      if (account.totp_enrolled_at !== null) return refuse('second-factor-enrolled')
      const secret = newTotpSecret()
      await app.db
        .updateTable('account')
        .set({ totp_secret: deps.secrets.seal(secret) })
        .where('id', '=', actor.accountId!)
        .execute()
      return { body: { secret, uri: totpUri(secret, account.username) } }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/second-factor/confirm',
    summary: 'Ends enrolling with a code from the device',
    permission: 'signed-in',
    schema: { body: Type.Object({ code: Code }), response: Type.Null() },
    async handle(tx, actor, { body }) {
      const account = await tx
        .selectFrom('account')
        .select(['totp_secret', 'totp_enrolled_at'])
        .where('id', '=', actor.accountId!)
        .forUpdate()
        .executeTakeFirstOrThrow()
      if (account.totp_enrolled_at !== null) return refuse('second-factor-enrolled')
      if (account.totp_secret === null) return refuse('second-factor-not-begun')
      const step = totpStep(deps.secrets.open(account.totp_secret), body.code, actor.now, null)
      if (step === null) return refuse('invalid-code', { field: 'code' })
      await tx
        .updateTable('account')
        .set({ totp_enrolled_at: toTimestamp(actor.now), totp_last_step: step })
        .where('id', '=', actor.accountId!)
        .execute()
      await writeAudit(tx, actor, {
        action: 'second-factor.enrol',
        subjectKind: 'account',
        subjectId: actor.accountId,
      })
      return { status: 204 }
    },
  })
}

/** One answer for a wrong name, a wrong password and a closed account, so that none can be told from the others. */
async function signIn(
  app: FastifyInstance,
  deps: SignInDeps,
  actor: ActorContext,
  body: { username: string; password: string; code?: string },
) {
  const facts = await findForSignIn(app.db, body.username)
  if (facts?.lockedUntil && facts.lockedUntil > actor.now) return tooMany(facts.lockedUntil, actor.now)
  const right = await isPassword(facts?.passwordHash ?? null, body.password)
  if (!facts || !right || !facts.active) {
    if (facts) await noteFailedSignIn(app.db, facts.id, facts.failedSignIns, actor.now)
    await writeAudit(app.db, actor, {
      action: 'session.refused',
      subjectKind: 'account',
      subjectId: facts?.id ?? null,
      detail: { username: body.username },
    })
    return refuse('sign-in-failed')
  }
  if (!facts.totpEnrolled) {
    await noteSignIn(app.db, facts.id, null)
    return facts
  }
  if (body.code === undefined) return refuse('second-factor-required', { field: 'code' })
  const step = totpStep(deps.secrets.open(facts.totpSecret!), body.code, actor.now, facts.totpLastStep)
  if (step === null) {
    await noteFailedSignIn(app.db, facts.id, facts.failedSignIns, actor.now)
    return refuse('sign-in-failed', { field: 'code' })
  }
  await noteSignIn(app.db, facts.id, step)
  return facts
}

function tooMany(until: number, now: number): Refusal {
  return refuse('too-many-attempts', { detail: { waitSeconds: Math.ceil((until - now) / 1000) } })
}

/** The context of one who has not signed in. */
export function nobody(request: { ip: string; id: string }, now: number): ActorContext {
  return contextOf(
    { accountId: null, name: 'nobody', grants: [], ip: request.ip, requestId: request.id, now },
    [],
    new Map(),
  )
}
