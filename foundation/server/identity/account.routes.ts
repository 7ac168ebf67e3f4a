import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { Type } from 'typebox'
import { ROLES } from '../../core/access.ts'
import { toIso } from '../../core/instant.ts'
import { isRefusal, refuse } from '../../core/outcome.ts'
import { writeAudit } from '../audit/audit.ts'
import { commandRoute, matchVersion, route } from '../http/route.ts'
import { hashPassword, passwordFault } from './passwords.ts'
import { newSecret } from './secrets.ts'
import { closeSessionsOf } from './sessions.ts'
import {
  administratorsFault,
  createAccount,
  findAccount,
  forgetFailures,
  hasSecurityAdmin,
  issueToken,
  kindFault,
  listAccounts,
  listTokens,
  lockAccounts,
  replaceGrants,
  revokeToken,
} from './store.ts'

const GrantSchema = Type.Object({
  role: Type.Union(ROLES.map((role) => Type.Literal(role))),
  organisationId: Type.Union([Type.String({ maxLength: 60 }), Type.Null()]),
})
const AccountSchema = Type.Object({
  id: Type.String(),
  username: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  officerId: Type.Union([Type.String(), Type.Null()]),
  active: Type.Boolean(),
  secondFactor: Type.Boolean(),
  version: Type.Integer(),
  grants: Type.Array(GrantSchema),
})
const Id = Type.Object({ id: Type.String({ maxLength: 60 }) })
const MomentOrNull = Type.Union([Type.String(), Type.Null()])
const TokenSchema = Type.Object({
  id: Type.String(),
  label: Type.String(),
  createdAt: Type.String(),
  expiresAt: MomentOrNull,
  revokedAt: MomentOrNull,
})

/** Accounts are the security administrator's; he cannot use the board, and those who use the board cannot make accounts. */
export function registerAccountRoutes(app: FastifyInstance): void {
  route(app, {
    method: 'GET',
    url: '/api/accounts',
    summary: 'All accounts with their grants',
    permission: 'account.read',
    personal: { subjectKind: 'account' },
    schema: { response: Type.Object({ accounts: Type.Array(AccountSchema) }) },
    handle: async () => ({ body: { accounts: await listAccounts(app.db) } }),
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/accounts',
    summary: 'Creates an account; a person gets a password, a service gets tokens',
    permission: 'account.manage',
    schema: {
      body: Type.Object({
        username: Type.String({ minLength: 2, maxLength: 40, pattern: '^[\\p{L}\\p{N}._-]+$' }),
        name: Type.String({ minLength: 1, maxLength: 60 }),
        kind: Type.Union([Type.Literal('person'), Type.Literal('service')]),
        password: Type.Optional(Type.String({ maxLength: 200 })),
        officerId: Type.Optional(Type.Union([Type.String({ maxLength: 60 }), Type.Null()])),
        grants: Type.Array(GrantSchema, { maxItems: 20 }),
      }),
      response: AccountSchema,
    },
    async handle(tx, actor, { body }) {
      if (body.kind === 'person') {
        if (body.password === undefined) return refuse('password-required', { field: 'password' })
        const fault = passwordFault(body.password, body.username)
        if (fault) return refuse(fault, { field: 'password' })
      }
      const wrongGrants = administratorsFault(body.grants) ?? kindFault(body.kind, body.grants)
      if (wrongGrants) return wrongGrants
      const id = await createAccount(
        tx,
        {
          username: body.username,
          name: body.name,
          kind: body.kind,
          passwordHash: body.kind === 'person' ? await hashPassword(body.password!) : null,
          officerId: body.officerId ?? null,
          grants: body.grants,
        },
        actor.now,
      )
      if (isRefusal(id)) return id
      await writeAudit(tx, actor, {
        action: 'account.create',
        subjectKind: 'account',
        subjectId: id,
        detail: { username: body.username, kind: body.kind, grants: body.grants },
      })
      const account = await findAccount(tx, id)
      return { status: 201, etag: 1, body: account }
    },
  })

  commandRoute(app, {
    method: 'PATCH',
    url: '/api/accounts/:id',
    summary: 'Changes name, state, grants or password of an account; its sessions end',
    permission: 'account.manage',
    schema: {
      params: Id,
      body: Type.Object({
        name: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
        active: Type.Optional(Type.Boolean()),
        officerId: Type.Optional(Type.Union([Type.String({ maxLength: 60 }), Type.Null()])),
        password: Type.Optional(Type.String({ maxLength: 200 })),
        resetSecondFactor: Type.Optional(Type.Literal(true)),
        grants: Type.Optional(Type.Array(GrantSchema, { maxItems: 20 })),
      }),
      response: AccountSchema,
    },
    async handle(tx, actor, { params, body, ifMatch }) {
      await lockAccounts(tx)
      const account = await findAccount(tx, params.id)
      if (!account) return refuse('not-found', { detail: { accountId: params.id } })
      const stale = matchVersion(ifMatch, account.version)
      if (stale) return stale
      // One's own takes the password there is (POST /api/me/password): a stolen session must not be enough.
      if (account.id === actor.accountId && (body.password !== undefined || body.resetSecondFactor))
        return refuse('own-password', {
          field: body.password === undefined ? 'resetSecondFactor' : 'password',
        })
      const wasGuarded = await hasSecurityAdmin(tx)
      if (body.grants) {
        const wrongGrants = administratorsFault(body.grants) ?? kindFault(account.kind, body.grants)
        if (wrongGrants) return wrongGrants
        if (account.id === actor.accountId) return refuse('own-grants', { field: 'grants' })
        await replaceGrants(tx, account.id, body.grants)
      }
      if (body.active === false && account.id === actor.accountId)
        return refuse('own-account', { field: 'active' })
      if (body.password !== undefined) {
        const fault = passwordFault(body.password, account.username)
        if (fault) return refuse(fault, { field: 'password' })
      }
      await tx
        .updateTable('account')
        .set({
          name: body.name ?? account.name,
          active: body.active ?? account.active,
          officer_id: body.officerId === undefined ? account.officerId : body.officerId,
          version: sql<number>`version + 1`,
          ...(body.password === undefined ? {} : { password_hash: await hashPassword(body.password) }),
          ...(body.resetSecondFactor
            ? { totp_secret: null, totp_enrolled_at: null, totp_last_step: null }
            : {}),
        })
        .where('id', '=', account.id)
        .where('version', '=', account.version)
        .execute()
      if (body.password !== undefined) await forgetFailures(tx, account.id)
      if (wasGuarded && !(await hasSecurityAdmin(tx)))
        return refuse('last-security-admin', { field: body.grants ? 'grants' : 'active' })
      await closeSessionsOf(tx, account.id)
      const { name, active, officerId, resetSecondFactor, grants, password } = body
      await writeAudit(tx, actor, {
        action: 'account.change',
        subjectKind: 'account',
        subjectId: account.id,
        detail: {
          ...{ name, active, officerId, resetSecondFactor, grants },
          passwordChanged: password !== undefined,
        },
      })
      const changed = await findAccount(tx, account.id)
      return { etag: changed!.version, body: changed }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/accounts/:id/tokens',
    summary: 'Issues an API token for a service account; the secret is shown in this answer and never again',
    permission: 'token.issue',
    secret: true,
    schema: {
      params: Id,
      body: Type.Object({
        label: Type.String({ minLength: 1, maxLength: 60 }),
        validDays: Type.Integer({ minimum: 1, maximum: 730 }),
      }),
      response: Type.Object({ id: Type.String(), token: Type.String() }),
    },
    async handle(tx, actor, { params, body }) {
      const account = await findAccount(tx, params.id)
      if (!account) return refuse('not-found', { detail: { accountId: params.id } })
      if (account.kind !== 'service')
        return refuse('not-a-service-account', { detail: { accountId: params.id } })
      const secret = newSecret()
      const id = await issueToken(tx, {
        accountId: account.id,
        label: body.label,
        secret,
        now: actor.now,
        expiresAt: actor.now + body.validDays * 86_400_000,
      })
      await writeAudit(tx, actor, {
        action: 'token.issue',
        subjectKind: 'account',
        subjectId: account.id,
        detail: { tokenId: id, label: body.label, validDays: body.validDays },
      })
      return { status: 201, headers: { 'cache-control': 'no-store' }, body: { id, token: secret } }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/accounts/:id/tokens',
    summary: 'The tokens of an account, without their secrets: label, validity, whether revoked',
    permission: 'token.issue',
    schema: { params: Id, response: Type.Object({ tokens: Type.Array(TokenSchema) }) },
    async handle(_actor, { params }) {
      if (!(await findAccount(app.db, params.id)))
        return refuse('not-found', { detail: { accountId: params.id } })
      const tokens = await listTokens(app.db, params.id)
      return {
        body: {
          tokens: tokens.map(({ id, label, createdAt, expiresAt, revokedAt }) => ({
            id,
            label,
            createdAt: toIso(createdAt),
            expiresAt: expiresAt === null ? null : toIso(expiresAt),
            revokedAt: revokedAt === null ? null : toIso(revokedAt),
          })),
        },
      }
    },
  })

  commandRoute(app, {
    method: 'DELETE',
    url: '/api/accounts/:id/tokens/:tokenId',
    summary: 'Revokes a token: it opens nothing from now on, and its live streams end',
    permission: 'token.issue',
    schema: {
      params: Type.Object({ id: Id.properties.id, tokenId: Id.properties.id }),
      response: Type.Null(),
    },
    async handle(tx, actor, { params }) {
      if (!(await revokeToken(tx, params.id, params.tokenId, actor.now)))
        return refuse('not-found', { detail: { accountId: params.id, tokenId: params.tokenId } })
      await writeAudit(tx, actor, {
        action: 'token.revoke',
        subjectKind: 'account',
        subjectId: params.id,
        detail: { tokenId: params.tokenId },
      })
      return { status: 204 }
    },
  })
}
