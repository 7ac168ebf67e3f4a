import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ROLES, SEPARATED_ADMINISTRATORS, type Role } from '../../core/access.ts'
import { isRefusal, refuse } from '../../core/outcome.ts'
import { writeAudit } from '../audit/audit.ts'
import { inTransaction } from '../db.ts'
import { contextOf, type ActorContext } from '../http/context.ts'
import { commandRoute, route } from '../http/route.ts'
import { registerMeRoutes } from './me.routes.ts'
import { hashPassword, passwordFault } from './passwords.ts'
import { isSameSecret, newSecret, secretHash, type SecretBox } from './secrets.ts'
import { closeSession, SESSION_HOURS } from './sessions.ts'
import { signIn } from './signin.ts'
import { createAccount, hasAnyPerson, kindFault } from './store.ts'

export const SESSION_COOKIE = 'xunfang_session'

const Username = Type.String({ minLength: 2, maxLength: 40, pattern: '^[\\p{L}\\p{N}._-]+$' })
const PersonName = Type.String({ minLength: 1, maxLength: 60 })
const Password = Type.String({ minLength: 1, maxLength: 200 })
/** Whoever has not signed in has little to say. */
const SMALL_BODY = 16 * 1024
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
    bodyLimit: SMALL_BODY,
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
        const grants = [{ role: account.role as Role, organisationId: null }]
        const wrongKind = kindFault('person', grants)
        if (wrongKind) return { ...wrongKind, field: `accounts/${position}/role` }
        const id = await createAccount(
          tx,
          {
            username: account.username,
            name: account.name,
            kind: 'person',
            passwordHash: await hashPassword(account.password),
            grants,
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
    bodyLimit: SMALL_BODY,
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
      const secret = newSecret()
      const outcome = await signIn(app.db, deps.secrets, actor, body, {
        secret,
        userAgent: String(request.headers['user-agent'] ?? ''),
        before: request.cookies[SESSION_COOKIE] ?? null,
      })
      if (isRefusal(outcome)) return outcome
      void reply.setCookie(SESSION_COOKIE, secret, {
        httpOnly: true,
        sameSite: 'strict',
        path: '/',
        secure: request.protocol === 'https',
        maxAge: SESSION_HOURS * 3600,
      })
      const mustEnrol =
        !outcome.totpEnrolled && outcome.roles.some((role) => SEPARATED_ADMINISTRATORS.includes(role))
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
      await inTransaction(app.db, async (tx) => {
        if (secret) await closeSession(tx, secret)
        await writeAudit(tx, actor, {
          action: 'session.close',
          subjectKind: 'account',
          subjectId: actor.accountId,
        })
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

  registerMeRoutes(app, deps.secrets)
}

/** The context of one who has not signed in. */
export function nobody(request: { ip: string; id: string }, now: number): ActorContext {
  return contextOf(
    { accountId: null, name: 'nobody', grants: [], ip: request.ip, requestId: request.id, now },
    [],
    new Map(),
  )
}
