import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AccessRule, Grant } from '../../core/access.ts'
import { refuse } from '../../core/outcome.ts'
import { contextOf, type ActorContext, type OrganisationTree } from '../http/context.ts'
import { sendRefusal } from '../http/problem.ts'
import { nobody, SESSION_COOKIE } from './signin.routes.ts'
import {
  findBearers,
  findSession,
  findToken,
  touchSession,
  type Bearer,
  type Credential,
} from './sessions.ts'

/** What a credential gives now. */
export interface Rights {
  readonly credential: Credential
  readonly actor: ActorContext
  readonly grants: readonly Grant[]
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Those of the credentials that still let somebody in, with what they may do now. For whoever stays longer than a request. */
    rightsOf(credentials: readonly Credential[]): Promise<Rights[]>
  }
  interface FastifyRequest {
    mustEnrolSecondFactor: boolean
    /** Whom the session or token lets in; null where nobody has been asked for. */
    bearer: Bearer | null
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
  app.decorate('rightsOf', async (credentials: readonly Credential[]) => {
    const now = deps.now()
    const [bearers, tree] = [await findBearers(app.db, credentials, now), await deps.organisationTree()]
    return bearers
      .filter((bearer) => !bearer.mustEnrol)
      .map((bearer) => ({
        credential: bearer.credential,
        actor: contextOf({ ...bearer, ip: '', requestId: '', now }, deps.rules, tree),
        grants: bearer.grants,
      }))
  })
  app.decorateRequest('actor')
  app.decorateRequest('mustEnrolSecondFactor', false)
  app.decorateRequest('bearer', null)

  app.addHook('onRequest', async (request, reply) => {
    const now = deps.now()
    request.actor = nobody(request, now)
    const permission = request.routeOptions.config.permission
    if (permission === undefined || permission === 'public') return
    const found = await bearerOf(app, request, now)
    if (!found) return sendRefusal(request, reply, refuse('not-signed-in'))
    request.mustEnrolSecondFactor = found.mustEnrol
    request.bearer = found
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
