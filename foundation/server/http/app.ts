import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import staticFiles from '@fastify/static'
import swagger from '@fastify/swagger'
import websocket from '@fastify/websocket'
import AjvCompiler from '@fastify/ajv-compiler'
import fastify, { type FastifyInstance, type FastifySchema, type FastifySchemaCompiler } from 'fastify'
import type { AccessRule } from '../../core/access.ts'
import { registerAuditRoutes } from '../audit/routes.ts'
import type { Database } from '../db.ts'
import type { Db } from '../db.ts'
import { registerAccountRoutes } from '../identity/account.routes.ts'
import { installGuard } from '../identity/guard.ts'
import { registerSignInRoutes } from '../identity/signin.routes.ts'
import type { SecretBox } from '../identity/secrets.ts'
import { newId } from '../ids.ts'
import type { Publisher } from '../outbox/publisher.ts'
import { registerWebhookRoutes } from '../outbox/webhook.routes.ts'
import type { OrganisationTree } from './context.ts'
import {
  faultForLog,
  HEADERS_MILLISECONDS,
  LOOK_AT_CONNECTIONS_MILLISECONDS,
  nestsTooDeep,
  REQUEST_MILLISECONDS,
} from './limits.ts'
import { Problem, sendFault, sendProblem } from './problem.ts'

declare module 'fastify' {
  interface FastifyInstance {
    db: Db
    outbox: Publisher
    secrets: SecretBox
  }
}

/** Bodies that are files: their routes get the bytes. */
const FILES = [
  'application/octet-stream',
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
]

export interface AppOptions {
  readonly database: Database
  readonly outbox: (app: FastifyInstance) => Publisher
  readonly rules: readonly AccessRule[]
  readonly organisationTree: () => Promise<OrganisationTree>
  readonly secrets: SecretBox
  readonly setupToken: () => string | null
  readonly now: () => number
  /** The built console, or null where there is none (tests of the API). */
  readonly consoleFolder: string | null
  readonly logLevel: string
  /** Addresses of reverse proxies whose X-Forwarded-For is believed; none unless named. */
  readonly trustedProxies?: readonly string[]
}

/**
 * A query and a path are text, so numbers in them are read from text. A body says what it means: null stays null and
 * «3» stays text, or a field cleared by hand would be stored as 0.
 */
function validatorCompiler(): FastifySchemaCompiler<FastifySchema> {
  // The first fault only: a list of a million wrong items would otherwise be answered with a million faults.
  const rules = { removeAdditional: false, allErrors: false, allowUnionTypes: true, strict: false } as const
  const build = AjvCompiler()
  const exact = build({}, { customOptions: { ...rules, coerceTypes: false } })
  const fromText = build({}, { customOptions: { ...rules, coerceTypes: 'array' } })
  return (route) => (route.httpPart === 'body' ? exact(route) : fromText(route))
}

/** The HTTP house without any capability's room in it: security, problems, identity, audit, OpenAPI, the console's files. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: {
      level: options.logLevel,
      // A query may carry a device's secret, and the path of a feed is one: the log keeps no more than the way to it.
      serializers: {
        req: (request) => ({
          method: request.method,
          path: request.routeOptions?.config?.isSecretPath
            ? request.routeOptions.url
            : request.url?.split('?')[0],
          from: request.ip,
        }),
        err: faultForLog as never,
      },
    },
    genReqId: () => newId(),
    trustProxy: options.trustedProxies?.length ? [...options.trustedProxies] : false,
    bodyLimit: 2 * 1024 * 1024,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: true,
    requestTimeout: REQUEST_MILLISECONDS,
    http: {
      headersTimeout: HEADERS_MILLISECONDS,
      connectionsCheckingInterval: LOOK_AT_CONNECTIONS_MILLISECONDS,
    },
  })
  app.setValidatorCompiler(validatorCompiler())
  app.decorate('db', options.database.db)
  app.decorate('outbox', options.outbox(app))
  app.decorate('secrets', options.secrets)
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    nestsTooDeep(body)
      ? done(Object.assign(new Error('the body nests too deep'), { statusCode: 400 }))
      : parseJson(request, body, done),
  )
  app.setErrorHandler((fault, request, reply) => sendFault(fault as never, request, reply))
  // A success without content still has a schema for the document; an empty body needs no serializer.
  app.addContentTypeParser(FILES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.addHook('onRoute', (declared) => {
    const permission = (declared.config as { permission?: string } | undefined)?.permission
    if (
      declared.url.startsWith('/api/') &&
      declared.method !== 'HEAD' &&
      declared.method !== 'OPTIONS' &&
      permission === undefined
    ) {
      throw new Error(`route ${String(declared.method)} ${declared.url} names no permission`)
    }
    const known =
      permission === undefined ||
      permission === 'public' ||
      permission === 'signed-in' ||
      options.rules.some((rule) => rule.permission === permission)
    if (!known)
      throw new Error(
        `route ${String(declared.method)} ${declared.url} names the unknown permission ${permission}`,
      )
  })

  await app.register(cookie)
  await app.register(websocket, { options: { maxPayload: 4_096 } })
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        workerSrc: ["'self'", 'blob:'],
        childSrc: ["'self'", 'blob:'],
        imgSrc: ["'self'", 'data:', 'blob:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
  })
  // Only where guessing pays (sign-in, set-up): a whole district may sit behind one address.
  await app.register(rateLimit, { global: false })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Xunfang 巡防',
        version: '1',
        description:
          'One force, graded response, live map. Commands take an Idempotency-Key, changes take If-Match, problems follow RFC 9457.',
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'xunfang_session' },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ session: [] }, { token: [] }],
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, position) =>
        typeof json.$id === 'string' ? json.$id : `def-${position}`,
    },
  })
  app.addSchema(Problem)
  installGuard(app, { rules: options.rules, organisationTree: options.organisationTree, now: options.now })

  registerSignInRoutes(app, {
    secrets: options.secrets,
    setupToken: options.setupToken,
    permissions: options.rules.map((rule) => rule.permission),
  })
  registerAccountRoutes(app)
  registerAuditRoutes(app)
  registerWebhookRoutes(app, options.secrets)
  app.get('/api/openapi.json', { config: { permission: 'public' }, schema: { hide: true } }, async () =>
    app.swagger(),
  )
  if (options.consoleFolder && existsSync(join(options.consoleFolder, 'index.html')))
    await serveConsole(app, options.consoleFolder)
  else
    app.setNotFoundHandler((request, reply) =>
      sendProblem(request, reply, { status: 404, code: 'not-found' }),
    )
  return app
}

/** The console's files; any other path that a person may have typed gets its first page, and the API's unknown paths a problem. */
async function serveConsole(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(staticFiles, {
    root: folder,
    wildcard: false,
    cacheControl: false,
    setHeaders: (response, path) =>
      void response.setHeader(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      ),
  })
  const page = await readFile(join(folder, 'index.html'))
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!
    const isPage =
      request.method === 'GET' && !/^\/(api|positions|assets)\//.test(path) && !/\.\w{2,5}$/.test(path)
    if (!isPage) return sendProblem(request, reply, { status: 404, code: 'not-found' })
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page)
  })
}
