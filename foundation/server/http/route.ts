import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { sql } from 'kysely'
import type { Static, TSchema } from 'typebox'
import { isRefusal, refuse, type Refusal } from '../../core/outcome.ts'
import { writeAudit } from '../audit/audit.ts'
import { inTransaction, toTimestamp, type Db, type Tx } from '../db.ts'
import type { ActorContext } from './context.ts'
import { Problem, sendRefusal } from './problem.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set by the identity hook before any handler of ours runs. */
    actor: ActorContext
  }
  interface FastifyContextConfig {
    permission?: string
    personal?: boolean
    /** Its path is a key: the log keeps the route alone. */
    isSecretPath?: boolean
  }
}

type Part<T extends TSchema | undefined> = T extends TSchema ? Static<T> : undefined

interface Schemas<
  P extends TSchema | undefined,
  Q extends TSchema | undefined,
  B extends TSchema | undefined,
> {
  readonly params?: P
  readonly querystring?: Q
  readonly body?: B
  /** What a success answers with. */
  readonly response: TSchema
}

export interface Input<
  P extends TSchema | undefined,
  Q extends TSchema | undefined,
  B extends TSchema | undefined,
> {
  readonly params: Part<P>
  readonly query: Part<Q>
  readonly body: Part<B>
  /** The version in If-Match, or null where the caller sent none. */
  readonly ifMatch: number | null
  readonly request: FastifyRequest
}

interface Declared<
  P extends TSchema | undefined,
  Q extends TSchema | undefined,
  B extends TSchema | undefined,
> {
  readonly method: HTTPMethods
  readonly url: string
  readonly summary: string
  /** `<capability>.<verb>`, or `signed-in` for any account, or `public` for nobody in particular. */
  readonly permission: string
  /** The answer shows personal data: each successful reading writes an audit entry. */
  readonly personal?: {
    readonly subjectKind: string
    readonly subjectId?: (input: Input<P, Q, B>) => string | null
    /** A screen that reads the same again and again writes one entry in so many seconds; left out: one each time. */
    readonly againAfterSeconds?: number
  }
  readonly schema: Schemas<P, Q, B>
  readonly bodyLimit?: number
  /** Its path is a key, which no log keeps. */
  readonly isSecretPath?: true
  readonly rateLimit?: { readonly max: number; readonly timeWindow: number }
}

/** What a handler gives: a body, with a status, a version as ETag and headers where it wants them. */
export interface Answer {
  readonly status?: number
  /** A number is the version of the thing, for If-Match; a text is a hash of all that is answered, for 304 too. */
  readonly etag?: number | string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface ReadRoute<
  P extends TSchema | undefined,
  Q extends TSchema | undefined,
  B extends TSchema | undefined,
> extends Declared<P, Q, B> {
  handle(
    actor: ActorContext,
    input: Input<P, Q, B>,
    reply: FastifyReply,
  ): Promise<Answer | Refusal | FastifyReply>
}

export interface CommandRoute<
  P extends TSchema | undefined,
  Q extends TSchema | undefined,
  B extends TSchema | undefined,
> extends Declared<P, Q, B> {
  /** The answer shows a secret once: it is not kept under the Idempotency-Key, and the same key again is refused. */
  readonly secret?: true
  /** Loads, decides, stores, in one transaction. A refusal rolls all of it back. */
  handle(tx: Tx, actor: ActorContext, input: Input<P, Q, B>): Promise<Answer | Refusal>
}

/** A route that reads. */
export function route<
  P extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  B extends TSchema | undefined = undefined,
>(app: FastifyInstance, declared: ReadRoute<P, Q, B>): void {
  register(app, declared, async (request, reply) => {
    const input = inputOf<P, Q, B>(request)
    const answer = await declared.handle(request.actor, input, reply)
    // A handler that has answered by itself gave its reply, which is thenable and awaits to nothing.
    if (reply.sent) return reply
    if (isRefusal(answer)) return sendRefusal(request, reply, answer)
    if (declared.personal) await recordReading(app.db, request.actor, declared, input)
    return send(request, reply, answer as Answer)
  })
}

/**
 * A route that changes something: one transaction holds state, events, audit and outbox, and the answer
 * kept under the caller's Idempotency-Key, so that the same command sent twice takes effect once.
 */
export function commandRoute<
  P extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  B extends TSchema | undefined = undefined,
>(app: FastifyInstance, declared: CommandRoute<P, Q, B>): void {
  register(app, declared, async (request, reply) => {
    const input = inputOf<P, Q, B>(request)
    const key = idempotencyKey(request)
    if (key !== null && isRefusal(key)) return sendRefusal(request, reply, key)
    const outcome = await inRefusableTransaction(app.db, async (tx) => {
      if (key === null) return declared.handle(tx, request.actor, input)
      const earlier = await claimKey(tx, key, request)
      if (earlier) return earlier
      const answer = await declared.handle(tx, request.actor, input)
      if (!isRefusal(answer))
        await keepAnswer(tx, key, request, declared.secret ? { status: SECRET_KEPT_NOWHERE } : answer)
      return answer
    })
    if (isRefusal(outcome)) return sendRefusal(request, reply, outcome)
    return send(request, reply, outcome)
  })
}

/** Commits when `work` gives an answer, rolls back when it gives a refusal. */
export async function inRefusableTransaction<T>(
  db: Db,
  work: (tx: Tx) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  class Refused {
    readonly refusal: Refusal
    constructor(refusal: Refusal) {
      this.refusal = refusal
    }
  }
  try {
    return await inTransaction(db, async (tx) => {
      const outcome = await work(tx)
      if (isRefusal(outcome)) throw new Refused(outcome)
      return outcome
    })
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.refusal
    throw thrown
  }
}

/** The version in If-Match must be the one stored: `precondition-required` without it, `version-conflict` against it. */
export function matchVersion(ifMatch: number | null, stored: number): Refusal | null {
  if (ifMatch === null) return refuse('precondition-required', { field: 'If-Match' })
  return ifMatch === stored ? null : refuse('version-conflict', { detail: { stored, sent: ifMatch } })
}

function register<
  P extends TSchema | undefined,
  Q extends TSchema | undefined,
  B extends TSchema | undefined,
>(
  app: FastifyInstance,
  declared: Declared<P, Q, B>,
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
): void {
  const { schema } = declared
  app.route({
    method: declared.method,
    url: declared.url,
    ...(declared.bodyLimit ? { bodyLimit: declared.bodyLimit } : {}),
    config: {
      permission: declared.permission,
      personal: declared.personal !== undefined,
      ...(declared.rateLimit ? { rateLimit: declared.rateLimit } : {}),
      ...(declared.isSecretPath ? { isSecretPath: true } : {}),
    },
    schema: {
      summary: declared.summary,
      ...documentedAccess(declared.permission, declared.personal !== undefined),
      tags: [declared.url.split('/')[2] ?? 'api'],
      ...(schema.params ? { params: schema.params } : {}),
      ...(schema.querystring ? { querystring: schema.querystring } : {}),
      ...(schema.body ? { body: closed(schema.body) } : {}),
      response: { '2xx': schema.response, '4xx': Problem, '5xx': Problem },
    },
    handler,
  })
}

/**
 * A body says what the route asks for and no more: a field that nobody asked for would be taken over by whoever spreads
 * the body, an id among them, and a misspelt one would be passed over without a word.
 */
function closed(schema: TSchema): TSchema {
  const { type, anyOf, additionalProperties } = schema as {
    type?: unknown
    anyOf?: readonly TSchema[]
    additionalProperties?: unknown
  }
  if (anyOf) return { ...schema, anyOf: anyOf.map(closed) } as TSchema
  return type === 'object' && additionalProperties === undefined
    ? ({ ...schema, additionalProperties: false } as TSchema)
    : schema
}

/** OpenAPI readers see what each route asks for, and whether its reading is written down. */
function documentedAccess(permission: string, isPersonal: boolean): object {
  return {
    'x-permission': permission,
    ...(isPersonal ? { 'x-personal': true } : {}),
    ...(permission === 'public' ? { security: [] } : {}),
  }
}

function inputOf<P extends TSchema | undefined, Q extends TSchema | undefined, B extends TSchema | undefined>(
  request: FastifyRequest,
): Input<P, Q, B> {
  const sent = request.headers['if-match']
  const version = typeof sent === 'string' ? /^(?:W\/)?"?(\d{1,9})"?$/.exec(sent.trim())?.[1] : undefined
  return {
    params: request.params as Part<P>,
    query: request.query as Part<Q>,
    body: request.body as Part<B>,
    ifMatch: version === undefined ? (sent === undefined ? null : -1) : Number(version),
    request,
  }
}

function send(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  if (answer.headers) void reply.headers(answer.headers)
  if (answer.etag !== undefined) {
    const etag = `"${answer.etag}"`
    void reply.header('etag', etag)
    // What hangs on a thing (an incident's reports, a device's bindings) changes without its version.
    const saysAll = typeof answer.etag === 'string'
    if (saysAll && request.method === 'GET' && request.headers['if-none-match'] === etag)
      return reply.code(304).send()
  }
  return reply.code(answer.status ?? (answer.body === undefined ? 204 : 200)).send(answer.body)
}

async function recordReading<
  P extends TSchema | undefined,
  Q extends TSchema | undefined,
  B extends TSchema | undefined,
>(db: Db, actor: ActorContext, declared: Declared<P, Q, B>, input: Input<P, Q, B>): Promise<void> {
  const { subjectKind, subjectId, againAfterSeconds } = declared.personal!
  const subject = subjectId?.(input) ?? null
  const query = input.query ?? {}
  const reading = JSON.stringify([actor.accountId, actor.ip, declared.url, subject, query])
  if (againAfterSeconds !== undefined && !isDue(reading, actor.now, againAfterSeconds * 1000)) return
  await writeAudit(db, actor, {
    action: `read ${declared.permission}`,
    subjectKind,
    subjectId: subject,
    detail: { url: declared.url, query, ...(againAfterSeconds === undefined ? {} : { againAfterSeconds }) },
  })
  if (againAfterSeconds !== undefined) recordedAt.set(reading, actor.now)
}

/** When a repeated reading was last written down. Forgotten as a whole when it grows: then some entries come early, none is missed. */
const recordedAt = new Map<string, number>()
const REMEMBERED_READINGS = 20_000

function isDue(reading: string, now: number, everyMilliseconds: number): boolean {
  const last = recordedAt.get(reading)
  if (last !== undefined && now >= last && now - last < everyMilliseconds) return false
  if (recordedAt.size >= REMEMBERED_READINGS) recordedAt.clear()
  return true
}

function idempotencyKey(request: FastifyRequest): string | null | Refusal {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
    return refuse('invalid-idempotency-key', { field: 'Idempotency-Key' })
  return key
}

/** In the place of a status: the command took effect, and its answer was for the first asker's eyes only. */
const SECRET_KEPT_NOWHERE = 0

/** Under the house's key: a body may hold a password, and nobody who reads the table may try words against it. */
function requestHash(request: FastifyRequest): Buffer {
  return request.server.secrets.fingerprint(
    `${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`,
  )
}

/** Takes the key for this transaction; a second sender waits here until the first has committed and gets its answer. */
async function claimKey(tx: Tx, key: string, request: FastifyRequest): Promise<Answer | Refusal | null> {
  const accountId = request.actor.accountId ?? ''
  const hash = requestHash(request)
  const claimed = await tx
    .insertInto('idempotency')
    .values({
      key,
      account_id: accountId,
      route: request.routeOptions.url ?? '',
      request_hash: hash,
      created_at: toTimestamp(request.actor.now),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst()
  if (claimed) return null
  const kept = await tx
    .selectFrom('idempotency')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  if (!kept.request_hash.equals(hash)) return refuse('idempotency-key-reused', { field: 'Idempotency-Key' })
  if (kept.status === SECRET_KEPT_NOWHERE) return refuse('secret-shown-before', { field: 'Idempotency-Key' })
  return {
    status: kept.status ?? 200,
    ...(kept.etag ? { etag: kept.etag } : {}),
    headers: { 'idempotency-replayed': 'true' },
    ...(kept.body === null ? {} : { body: kept.body }),
  }
}

async function keepAnswer(tx: Tx, key: string, request: FastifyRequest, answer: Answer): Promise<void> {
  await tx
    .updateTable('idempotency')
    .set({
      status: answer.status ?? (answer.body === undefined ? 204 : 200),
      etag: answer.etag === undefined ? null : String(answer.etag),
      body: answer.body === undefined ? null : sql`${JSON.stringify(answer.body)}::jsonb`,
    })
    .where('account_id', '=', request.actor.accountId ?? '')
    .where('key', '=', key)
    .execute()
}
