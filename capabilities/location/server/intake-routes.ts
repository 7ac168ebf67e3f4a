import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type, type TSchema } from 'typebox'
import { isRefusal, type Refusal } from '../../../foundation/core/outcome.ts'
import { isUnavailable } from '../../../foundation/server/db.ts'
import { sendProblem, sendRefusal } from '../../../foundation/server/http/problem.ts'
import { route } from '../../../foundation/server/http/route.ts'
import { openTraccarMessage, osmandDeviceCode, type Form } from '../core/index.ts'
import { NOBODY } from './counters.ts'
import { createIntake, type Answer } from './intake.ts'
import type { Credentials, RegisteredDevice } from './registry.ts'
import type { Location } from './room.ts'

const Receipt = Type.Object({
  received: Type.Integer(),
  stored: Type.Integer(),
  duplicate: Type.Integer(),
  outsideRetention: Type.Integer(),
  unreadable: Type.Integer(),
  other: Type.Integer({ description: 'Messages that carry no position by design.' }),
  flagged: Type.Record(Type.String(), Type.Integer(), { description: 'Stored fixes by flag.' }),
  rejected: Type.Array(Type.Object({ index: Type.Integer(), field: Type.String(), cause: Type.String() }), {
    description: 'The first hundred fixes that could not be read.',
  }),
})

const Secret = {
  key: Type.Optional(
    Type.String({ description: 'The device’s secret; or by Basic or Bearer authentication.' }),
  ),
  secret: Type.Optional(Type.String({ description: 'The same as key.' })),
}

const OsmandForm = Type.Object({
  id: Type.Optional(Type.String({ description: 'The device; `deviceid` is read too.' })),
  lat: Type.Optional(Type.String()),
  lon: Type.Optional(Type.String()),
  location: Type.Optional(Type.String({ description: '`lat,lon`, instead of both.' })),
  timestamp: Type.Optional(
    Type.String({ description: 'Unix seconds or milliseconds, ISO 8601, or `yyyy-MM-dd HH:mm:ss` in UTC.' }),
  ),
  speed: Type.Optional(Type.String({ description: 'Knots.' })),
  bearing: Type.Optional(Type.String()),
  accuracy: Type.Optional(Type.String({ description: 'Metres.' })),
  batt: Type.Optional(Type.String({ description: 'Percent.' })),
  valid: Type.Optional(Type.String()),
  ...Secret,
})

const TraccarBody = Type.Any({
  description: 'Traccar Client 9 and newer: `{ location, device_id }`; `location` may be a list.',
})
const OwntracksBody = Type.Any({
  description:
    'One OwnTracks message, or a list of them. Types other than `location` are accepted and counted.',
})
const BatchBody = Type.Any({
  description:
    '`{ deviceId?, fixes: [{ deviceId?, fixedAt, lon, lat, accuracyMetres?, speedMetresPerSecond?, bearingDegrees?, batteryPercent? }] }`. A gateway sends for the devices behind it; `fixedAt` is ISO 8601 or Unix time.',
})

/** Some 30,000 fixes in one body: what a device has gathered in a day, and more. */
const BODY_LIMIT = 4 * 1024 * 1024
const FORM_LIMIT = 8 * 1024

/**
 * Where devices send to. No account is asked for: each device proves itself by its own secret, before its message is
 * read, so that a stranger costs a hash and no more. A secret belongs to one device, so it need not name itself.
 */
export function registerIntakeRoutes(app: FastifyInstance, location: Location): void {
  const intake = createIntake(location)

  void app.register(async (scope) => {
    // Devices send what they like under any content type; it is read here, once, into columns. Schemas only document.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.setValidatorCompiler(() => () => true)
    // The headers that guard pages say nothing to a device, and helmet works them out for every request anew (0.1 ms).
    scope.addHook(
      'onRoute',
      (declared) => void Object.assign((declared.config ??= {}), { helmet: { skipRoute: true } }),
    )

    for (const method of ['GET', 'POST'] as const) {
      intakeRoute(
        method,
        '/positions/osmand',
        'Position in the query form of OsmAnd, or the JSON of Traccar Client 9',
        {
          querystring: OsmandForm,
          ...(method === 'POST' ? { body: TraccarBody } : {}),
          response: Receipt,
          async handle(request) {
            const query = request.query as Form
            if (isForm(request)) {
              const form: Form = { ...query, ...formOf(request) }
              const sender = await known(request, osmandDeviceCode(form), form)
              return sender && { answer: await intake.osmand(sender, form), phone: false }
            }
            const sender = await known(request, osmandDeviceCode(query))
            if (sender === null) return null
            const body = parsed(request)
            if (body === undefined) return 'no-json'
            const message = openTraccarMessage(body)
            // A gateway may relay it for a device behind it.
            const device = message?.deviceCode
              ? location.registry.spokenForBy(sender, message.deviceCode)
              : sender
            return device ? { answer: await intake.traccarClient(device, message), phone: true } : null
          },
        },
      )
    }
    intakeRoute('POST', '/positions/owntracks', 'Position in the JSON of OwnTracks over HTTP', {
      body: OwntracksBody,
      response: Type.Array(Type.Unknown(), { description: 'What the app should show of others: nothing.' }),
      async handle(request) {
        const limit = request.headers['x-limit-d']
        const sender = await known(
          request,
          osmandDeviceCode(request.query as Form) ?? (typeof limit === 'string' && limit ? limit : null),
        )
        if (sender === null) return null
        // An empty body clears a friend in the app and says nothing to us.
        const body = hasBody(request) ? parsed(request) : []
        if (body === undefined) return 'no-json'
        return { answer: await intake.owntracks(sender, body), phone: true, reply: [] }
      },
    })
    intakeRoute('POST', '/positions/batch', 'Fixes of one device, or of many behind one gateway', {
      body: BatchBody,
      response: Receipt,
      async handle(request) {
        const sender = await known(request, osmandDeviceCode(request.query as Form))
        if (sender === null) return null
        const body = parsed(request)
        if (body === undefined) return 'no-json'
        return { answer: await intake.batch(sender, body), phone: false }
      },
    })

    interface Taken {
      readonly answer: Answer | Refusal
      /** A phone's app sends a refused message again for ever, and nothing after it: what it cannot mend is accepted, counted and told. */
      readonly phone: boolean
      /** What the protocol wants as the answer, where it is not ours. */
      readonly reply?: unknown
    }

    function intakeRoute(
      method: 'GET' | 'POST',
      url: string,
      summary: string,
      declared: {
        querystring?: TSchema
        body?: TSchema
        response: TSchema
        handle(request: FastifyRequest): Promise<Taken | 'no-json' | null>
      },
    ): void {
      route(scope, {
        method,
        url,
        summary,
        permission: 'public',
        bodyLimit: BODY_LIMIT,
        schema: {
          ...(declared.querystring ? { querystring: declared.querystring } : {}),
          ...(declared.body ? { body: declared.body } : {}),
          response: declared.response,
        },
        async handle(_actor, { request }, reply) {
          const taken = await takenOf(declared.handle, request, reply)
          if (taken === null) return reply
          if (taken === 'no-json') return sendProblem(request, reply, { status: 400, code: 'invalid-json' })
          const { answer } = taken
          if (isRefusal(answer)) {
            if (answer.refused === 'queue-full') return busy(request, reply, answer)
            if (!taken.phone) return sendRefusal(request, reply, answer)
            return { body: taken.reply ?? nothing }
          }
          if (!taken.phone && answer.received > 0 && answer.unreadable === answer.received) {
            return sendProblem(request, reply, {
              status: 422,
              code: 'invalid-positions',
              field: answer.rejected[0]!.field,
              errors: answer.rejected.map(({ index, field, cause }) => ({
                path: `fixes/${index}/${field}`,
                message: cause,
              })),
            })
          }
          return { body: taken.reply ?? answer }
        },
      })
    }
  })

  async function takenOf<T>(
    handle: (request: FastifyRequest) => Promise<T | null>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<T | null> {
    try {
      const taken = await handle(request)
      if (taken !== null) return taken
      location.counters.count(NOBODY, 'unauthorised')
      // Which part is wrong, or whether there is such a device, is nobody's business.
      void reply.header('www-authenticate', 'Basic realm="positions", charset="UTF-8"')
      sendProblem(request, reply, { status: 401, code: 'device-not-authorised' })
    } catch (fault) {
      if (!isUnavailable(fault)) throw fault
      void reply.header('retry-after', '5')
      sendProblem(request, reply, { status: 503, code: 'database-unavailable' })
    }
    return null
  }

  function busy(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
    void reply.header('retry-after', '2')
    return sendProblem(request, reply, { status: 503, code: refusal.refused, about: { ...refusal.detail } })
  }

  function known(
    request: FastifyRequest,
    code: string | null,
    form: Form = request.query as Form,
  ): Promise<RegisteredDevice | null> {
    return location.registry.authenticate(credentialsOf(request, code, form))
  }
}

const nothing: Answer = {
  received: 1,
  stored: 0,
  duplicate: 0,
  outsideRetention: 0,
  flagged: {},
  unreadable: 1,
  other: 0,
  rejected: [{ index: 0, field: '', cause: 'not-an-object' }],
}

/** A secret in the query or form, else in Basic, else in Bearer authentication; who it is, from there or Basic’s user. */
function credentialsOf(request: FastifyRequest, code: string | null, form: Form): Credentials {
  const given = form['key'] ?? form['secret']
  const inQuery = typeof given === 'string' ? given : given?.[0]
  const basic = basicOf(request)
  const bearer = /^Bearer +(\S{1,200})$/i.exec(request.headers.authorization ?? '')?.[1]
  return { code: code ?? basic?.user ?? null, secret: inQuery ?? basic?.password ?? bearer ?? null }
}

function basicOf(request: FastifyRequest): { user: string | null; password: string } | null {
  const sent = /^Basic +([\w+/=-]{1,1000})$/i.exec(request.headers.authorization ?? '')?.[1]
  if (!sent) return null
  const [user = '', ...rest] = Buffer.from(sent, 'base64').toString('utf8').split(':')
  return { user: user === '' ? null : user, password: rest.join(':') }
}

function hasBody(request: FastifyRequest): boolean {
  return Buffer.isBuffer(request.body) && request.body.length > 0
}

/** A form is small and does not begin as JSON does; whatever its content type says. */
function isForm(request: FastifyRequest): boolean {
  if (!hasBody(request)) return true
  const body = request.body as Buffer
  return body.length <= FORM_LIMIT && !/^\s*[[{]/.test(body.toString('latin1', 0, 64))
}

function formOf(request: FastifyRequest): Form {
  if (!hasBody(request)) return {}
  const form: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams((request.body as Buffer).toString('utf8')))
    form[name] ??= value
  return form
}

/** Undefined where the body is no JSON. */
function parsed(request: FastifyRequest): unknown {
  try {
    return JSON.parse((request.body as Buffer).toString('utf8'))
  } catch {
    return undefined
  }
}
