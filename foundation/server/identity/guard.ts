import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AccessRule } from '../../core/access.ts'
import { refuse } from '../../core/outcome.ts'
import { contextOf, type OrganisationTree } from '../http/context.ts'
import { sendRefusal } from '../http/problem.ts'
import { nobody, SESSION_COOKIE } from './signin.routes.ts'
import { findSession, findToken, touchSession, type Bearer, type Credential } from './sessions.ts'

declare module 'fastify' {
  interface FastifyRequest {
    mustEnrolSecondFactor: boolean
    /** The session or token that lets the caller in; null where nobody has been asked for. */
    credential: Credential | null
  }
}

/** Routes that an account without its obligatory second factor may still call. */
const ENROLMENT_ROUTES = new Set([
  '/api/me',
  '/api/session',
  '/api/second-factor',
  '/api/second-factor/confirm',
  '/api/me/password',
  '/api/me/sessions',
  '/api/me/sessions/:id',
])

export interface GuardDeps {
  readonly rules: readonly AccessRule[]
  readonly organisationTree: () => Promise<OrganisationTree>
  readonly now: () => number
}

/**
 * Stands before every route: finds out who asks, and lets through only what the route's permission allows.
 * A route without a permission never got registered (see app.ts), so nothing is open by oversight.
 */
export function installGuard(app: FastifyInstance, deps: GuardDeps): void {
  app.decorateRequest('actor')
  app.decorateRequest('mustEnrolSecondFactor', false)
  app.decorateRequest('credential', null)

  app.addHook('onRequest', async (request, reply) => {
    const now = deps.now()
    request.actor = nobody(request, now)
    const permission = request.routeOptions.config.permission
    if (permission === undefined || permission === 'public') return
    const found = await bearerOf(app, request, now)
    if (!found) return sendRefusal(request, reply, refuse('not-signed-in'))
    request.mustEnrolSecondFactor = found.mustEnrol
    request.credential = found.credential
    request.actor = contextOf(
      { ...found, ip: request.ip, requestId: request.id, now, reason: reasonOf(request) },
      deps.rules,
      await deps.organisationTree(),
    )
    if (found.mustEnrol && !ENROLMENT_ROUTES.has(request.routeOptions.url ?? '')) {
      return sendRefusal(request, reply, refuse('forbidden', { detail: { why: 'second-factor-enrolment' } }))
    }
    if (permission !== 'signed-in' && !request.actor.may(permission)) {
      return sendRefusal(request, reply, refuse('forbidden', { detail: { permission } }))
    }
  })
}

async function bearerOf(app: FastifyInstance, request: FastifyRequest, now: number): Promise<Bearer | null> {
  const token = /^Bearer ([\w-]{20,100})$/.exec(request.headers.authorization ?? '')?.[1]
  if (token) return findToken(app.db, token, now)
  const secret = request.cookies[SESSION_COOKIE]
  if (!secret || isFromElsewhere(request)) return null
  const found = await findSession(app.db, secret, now)
  if (found && now - (found.seenAt ?? 0) > 60_000) await touchSession(app.db, found.credential.hash, now)
  return found
}

/** A cookie counts only where the page that sends it is ours (beside SameSite=Strict). */
function isFromElsewhere(request: FastifyRequest): boolean {
  const origin = request.headers.origin
  if (origin === undefined || (request.method === 'GET' && request.headers.upgrade === undefined))
    return false
  try {
    return new URL(origin).host !== request.headers.host
  } catch {
    return true
  }
}

function reasonOf(request: FastifyRequest): string | null {
  const sent = request.headers['x-reason']
  if (typeof sent !== 'string' || sent.length === 0) return null
  try {
    return decodeURIComponent(sent).slice(0, 500)
  } catch {
    return sent.slice(0, 500)
  }
}
